/* proc: what is known of one process. Read by fields/, written by state/ alone. An entry's memory is reused but never
 * freed before its table, and `generation` tells a reused entry from the one a pointer was made for. */
#ifndef VITRINE_STATE_PROC_H
#define VITRINE_STATE_PROC_H

#include "policyd/state/text_pool.h"

struct container;

/* Per-CPU buffers put records of one moment this far apart; also how far two sources' clocks differ. */
enum { PROC_TIME_SLACK_100NS = 50 * 10000 };

enum proc_flags {
	PROC_SEEN_START = 1, /* its start was an event, not rundown */
	PROC_EXITED = 2,
	PROC_CREATE_EXACT = 4,	/* create_100ns is the kernel's own, not the time of the record */
	PROC_STUB = 8,		/* known only as somebody's parent or actor */
	PROC_HASHED = 16,	/* can be found by pid; else only as a parent */
	PROC_FROM_CLASSIC = 32, /* sources of its start; both: joined */
	PROC_FROM_MANIFEST = 64,
	PROC_EXIT_CLASSIC = 128,
	PROC_EXIT_MANIFEST = 256,
	PROC_ELEVATION_KNOWN = 512,
	PROC_SESSION_KNOWN = 1024,
	PROC_EXIT_CODE_KNOWN = 2048,
	PROC_CONTAINER_KNOWN = 4096, /* by its record, its parent, or a list of the host's processes */
	PROC_ACTED = 8192,	     /* a header stamped by the kernel names it */
	PROC_PROVEN = 16384,	     /* or the kernel logger or a snapshot does: no other process can have made it up */
	PROC_DOUBTED = 32768,	     /* its start was told while another process held the pid: not found by pid */
};

/* Longest text kept of a process; cmd.exe takes no longer command line. Fits a block of 8 KiB (text_pool.c). The event of
 * its start has the whole. */
enum { PROC_TEXT_BYTES = 8 * 1024 - 64 };

#define PROC_INTEGRITY_UNKNOWN UINT32_MAX

/* In place of a pid that is not known: process ids of Windows are multiples of four. */
#define PROC_STAND_IN UINT32_C(0x80000001)

enum { PROC_MAX_TELLERS = 2 }; /* logs that tell of one start: Sysmon and Security */

struct proc_teller {
	uint64_t time_100ns; /* of its record */
	uint32_t teller;     /* start_entry.c; 0: none */
};

struct proc {
	uint32_t space; /* the machine: pids mean something within one */
	uint32_t pid, ppid; /* pid: or a stand-in */
	uint32_t creator_pid; /* header pid of the start: the real parent when ppid is spoofed */
	uint32_t session_id;
	uint64_t create_100ns; /* 0: before the stream, time unknown */
	uint64_t exit_100ns;   /* 0: lives */
	uint64_t first_seen_100ns, last_seen_100ns;
	uint64_t start_record_100ns, exit_record_100ns; /* of the first source's record; the join's clock */
	uint64_t start_key;				/* unique per boot; 0: unknown */
	uint64_t seq, parent_seq;			/* process sequence numbers; 0: unknown */
	uint64_t logon_id;

	const struct pooled *path;    /* executable, DOS form where the device is known; any of these: NULL */
	const struct pooled *nt_path; /* as the kernel wrote it, where that differs */
	const struct pooled *name;    /* last component, full length */
	const struct pooled *cmdline;
	const struct pooled *cwd;
	const struct pooled *user_sid;	/* "S-1-5-18" */
	const struct pooled *user_name; /* "NT AUTHORITY\SYSTEM" */
	const struct pooled *guid;	/* Sysmon ProcessGuid */
	const struct pooled *package;	/* store app */

	struct container *container; /* NULL: host, or unknown when PROC_CONTAINER_KNOWN is not set */

	uint32_t flags;		/* enum proc_flags */
	uint32_t integrity_rid; /* 0x2000 medium, ...; PROC_INTEGRITY_UNKNOWN */
	uint32_t exit_code;
	uint32_t thread_count, first_tid; /* threads now; the first one seen */
	uint32_t child_count;		  /* processes it started that are known */
	uint8_t elevation_type;		  /* TOKEN_ELEVATION_TYPE; 0: unknown */
	uint8_t elevated;		  /* valid with PROC_ELEVATION_KNOWN */

	struct proc_teller told[PROC_MAX_TELLERS];

	/* Links of the table. */
	uint32_t generation;
	uint32_t parent_generation;
	uint32_t referenced_by; /* entries whose parent this is */
	uint32_t link_epoch;	/* table epoch at the last vain search for the parent */
	struct proc *parent;	/* proc_parent() checks the generation */
	struct proc *hash_next;
	struct proc *prev, *next; /* in one of the table's three lists */
};

static inline bool proc_is_stand_in(uint32_t pid)
{
	return (pid & PROC_STAND_IN) == PROC_STAND_IN;
}

/* NULL: no parent is known, or it was forgotten. */
static inline struct proc *proc_parent(const struct proc *p)
{
	return p->parent && p->parent->generation == p->parent_generation ? p->parent : NULL;
}

/* Its first PROC_TEXT_BYTES, cut between characters. */
struct text_view proc_text_to_keep(struct text_view text);

/* Orders entries of one pid: a later birth is the better answer. */
uint64_t proc_born(const struct proc *p);
/* at lies within its life, which grace_100ns is added to. Records of one moment may lie PROC_TIME_SLACK_100NS apart. */
bool proc_lived_at(const struct proc *p, uint64_t at_100ns, uint64_t grace_100ns);
/* Of one pid the one that ended first is missed least, then the one born first. */
bool proc_gives_way(const struct proc *a, const struct proc *than);

/* n: 0 itself, 1 parent, ... NULL: not so many, or beyond STATE_MAX_ANCESTORS. Parent links have no cycles. */
struct proc *proc_ancestor(const struct proc *p, uint32_t n);

#endif
