/* value: what a field yields and what a constant is. Borrowed: strings and lists live until the event is done. */
#ifndef VITRINE_ENGINE_VALUE_H
#define VITRINE_ENGINE_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum value_type {
	VT_STRING, VT_PATH,                            /* char *, UTF-8 or any bytes; VT_PATH is Falco's fspath */
	VT_BYTES,
	VT_INT8, VT_INT16, VT_INT32, VT_INT64,         /* in .i */
	VT_UINT8, VT_UINT16, VT_UINT32, VT_UINT64,     /* in .u */
	VT_PORT,                                       /* in .u */
	VT_BOOL,                                       /* in .u: 0 or 1 */
	VT_DOUBLE,
	VT_RELTIME, VT_ABSTIME,                        /* in .u: ns; ns since 1970 */
	VT_IPADDR, VT_IPNET,
	VALUE_TYPE_COUNT
};

struct ip {
	uint8_t family;        /* 4 or 6 */
	uint8_t prefix;        /* networks: 0..32 or 0..128; addresses: full length */
	uint8_t addr[16];      /* network order; IPv4 in the first 4, rest zero */
};

struct value {
	union {
		struct {
			const char *ptr;
			size_t len;
		} str;             /* VT_STRING, VT_PATH, VT_BYTES */
		uint64_t u;
		int64_t i;
		double d;
		struct ip ip;
		struct {
			const struct value *items;
			size_t count;
		} list;            /* when the field or expression is list-valued */
	};
};

#endif
