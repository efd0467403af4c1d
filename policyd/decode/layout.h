/* layout: payload layouts as const tables: provider, id, version -> field list -> event kind.
 * Types are those of layouts.yaml. One generic bounds-checked walker (decode.c) reads them all. */
#ifndef VITRINE_DECODE_LAYOUT_H
#define VITRINE_DECODE_LAYOUT_H

#include "policyd/event.h"

enum layout_type {
	LT_U8, LT_U16, LT_U32, LT_U64, LT_I8, LT_I16, LT_I32, LT_I64,
	LT_HEX32, LT_HEX64,  /* unsigned, written 0x.. as the event log does (masks, status, logon ids) */
	LT_FLOAT32, LT_FLOAT64,
	LT_PTR,              /* 4 or 8 bytes by the record's pointer width; written 0x.. */
	LT_FILETIME, LT_SYSTEMTIME, LT_GUID,
	LT_SID,              /* rev, count, authority, count * 4; no length prefix */
	LT_MOFSID,           /* TOKEN_USER then SID, or 4 zero bytes; data.md quirk 5 */
	LT_WSTRZ, LT_STRZ,   /* up to a NUL, or to the end of the payload */
	LT_WSTR_COUNTED,     /* as many UTF-16 units as field `len_field` says; no NUL */
	LT_BYTES,            /* `len` bytes, or as many as field `len_field` says */
	LT_BOOL8, LT_BOOL32, LT_IPV4, LT_IPV6, LT_PORT_BE,
	LT_REST,             /* whatever is left (struct arrays, stacks); always the last field of a layout */
	LT_COUNT
};

enum { LAYOUT_NO_LEN_FIELD = 0xFF };

struct layout_field {
	const char *name;      /* as in layouts.yaml: what evt.args prints */
	uint8_t type;          /* enum layout_type */
	uint8_t slot;          /* enum slot */
	uint8_t len_field;     /* LT_BYTES, LT_WSTR_COUNTED: index of the earlier field with the length */
	uint16_t len;          /* LT_BYTES: constant length when len_field is LAYOUT_NO_LEN_FIELD */
	bool optional;         /* may be missing at the end of the payload (Thread v3 ThreadName) */
};

enum layout_flags {
	LAYOUT_RUNDOWN = 1,    /* state captured at session start or end, not something that happened now */
	/* This version is not the older one with fields appended: its records make no sense to older layouts. Never an
	 * issue of order, for the look-up takes the newest version not above the record's; a test holds the tables to it. */
	LAYOUT_BREAK = 2,
	LAYOUT_TCP = 4,        /* PROTOCOL is 6 or 17 though no field says so */
	LAYOUT_UDP = 8,
	LAYOUT_DASH = 16,      /* the text "-" means none */

	/* The kind depends on a value as well (refine.c); `kind` is what it is else. */
	LAYOUT_DISPOSITION = 32,      /* file_open: the high byte of CREATE_OPTIONS may make it file_create */
	LAYOUT_SILO = 64,             /* EVENT_NONE: SILO_STATE may make it container_start or container_stop */
	LAYOUT_OBJECT = 128,          /* log: OBJECT_TYPE makes it file_open, reg_open_key or process_access, and OBJECT_NAME
	                               * the path, key or image it is about */
	LAYOUT_REG_OPERATION = 256,   /* reg_set_value: EVENT_SUBTYPE %%1906 makes it reg_delete_value */
	LAYOUT_DIRECTION = 512,       /* net_connect, local and remote being initiator and responder: inbound DIRECTION
	                               * makes it net_accept and swaps them */

	/* Log records only. */
	LAYOUT_QUOTED = 1024,         /* texts stand in quotes with escapes */
	LAYOUT_MESSAGE = 2048,        /* what the selector looks for may stand in the message only */
	LAYOUT_GIVEN = 8192,          /* values are the fields of rules themselves */
	LAYOUT_REPEATS = 4096,        /* a process start that another record of the same source may have told already */
};

struct layout {
	uint16_t id;                   /* manifest: event id; classic: opcode */
	uint8_t version;
	uint8_t kind;                  /* enum event_kind; EVENT_NONE: state only */
	uint16_t flags;                /* enum layout_flags */
	uint8_t field_count;
	uint32_t first_build, last_build;   /* 0: any; set only where one version has two layouts */
	const char *name;              /* ProcessStart */
	const struct layout_field *fields;
};

struct provider {
	struct guid guid;
	const char *name;
	bool classic;
	const struct layout *layouts;     /* sorted by id, then version, then first_build */
	size_t layout_count;
};

extern const struct provider *const providers[];
extern const size_t provider_count;

#endif
