/* pipe: both ends of a local pipe that crosses a line of privilege, made with their final access rights (design §8).
 * Windows: a named pipe with the DACL below, first instance only, remote clients refused. Elsewhere: a unix socket of mode
 * 0600, whose other end must run as the same user or as root.
 * Here: the ends that need no loop. pipe_server.h: a server of many clients on a loop of libuv. */
#ifndef VITRINE_HOST_PIPE_H
#define VITRINE_HOST_PIPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proto/base/status.h"

enum {
	PIPE_TEXT_BYTES = 512,          /* a descriptor as text */
	PIPE_BUFFER_BYTES = 256 << 10,  /* of the system's, each way: four batches of the collector's; kernel memory */
};

enum pipe_direction {                   /* of bytes, as the server sees it */
	PIPE_OUT, PIPE_IN, PIPE_BOTH
};

/* Who may connect on Windows: SYSTEM and Administrators always (PIPE_OUT, PIPE_IN: full access; PIPE_BOTH: reading and
 * writing), and the peer: reading (PIPE_OUT), writing (PIPE_IN), full access (PIPE_BOTH: the server's own account, which
 * must be able to make further instances). Nobody else; no client can make an instance. */
struct pipe_options {
	const char *name;               /* \\.\pipe\NAME, or the path of a socket */
	enum pipe_direction direction;
	const char *peer;               /* account, "NT SERVICE\name", or a SID; NULL: nobody (PIPE_BOTH: the account we run as) */
	bool system_owner;              /* owned by SYSTEM, as clients expect of a service; only SYSTEM can make it so */
};

/* The access rights that o asks for, as they will be set: SDDL on Windows, "mode 0600" elsewhere. */
enum status pipe_rights_text(const struct pipe_options *o, char out[PIPE_TEXT_BYTES], struct diag *why);

/* ---- the server's end for one client, used by one thread ---- */

enum pipe_result {
	PIPE_DONE,
	PIPE_TIMEOUT,
	PIPE_GONE                       /* no client, or not any more: pipe_end_accept waits for the next */
};

struct pipe_end;

/* Makes the pipe; nobody is connected yet. ST_SYSTEM: it is there already, or the system refuses. */
enum status pipe_end_open(const struct pipe_options *o, struct pipe_end **out, struct diag *why);
void pipe_end_close(struct pipe_end *e);         /* NULL is fine */
/* The rights that it really has, asked of the system. */
enum status pipe_end_rights(const struct pipe_end *e, char out[PIPE_TEXT_BYTES], struct diag *why);

/* Until a client is there: PIPE_DONE, also when one is connected already. PIPE_GONE: the pipe is broken; make another. */
enum pipe_result pipe_end_accept(struct pipe_end *e, uint32_t timeout_ms);
/* PIPE_TIMEOUT: some of it is still on its way: the same bytes stay where they are, and the next call is this one again,
 * or pipe_end_disconnect. */
enum pipe_result pipe_end_write(struct pipe_end *e, const void *ptr, size_t len, uint32_t timeout_ms);
/* At least one byte. */
enum pipe_result pipe_end_read(struct pipe_end *e, void *ptr, size_t room, uint32_t timeout_ms, size_t *got);
/* The pipe stays, for the next client. Windows: what this one has not read yet is gone; pipe_end_close leaves it readable. */
void pipe_end_disconnect(struct pipe_end *e);

/* ---- the client's end ---- */

/* Which servers are trusted. A pipe's name alone says nothing: who is first makes it. */
enum pipe_trust {
	PIPE_TRUST_SERVICE,             /* its owner is SYSTEM and its process the one that the service manager names */
	PIPE_TRUST_FRIENDS,             /* that, or its owner is SYSTEM, Administrators or who we run as */
	PIPE_TRUST_ANY
};                                      /* without a service manager the first two mean: it runs as root or as we do */

struct pipe_target {
	const char *name;
	enum pipe_direction direction;  /* as the server sees it */
	enum pipe_trust trust;
	const char *service;            /* whose pipe it should be, "VitrineCollector"; NULL: of no service */
	uint32_t wait_ms;               /* Windows: for an instance to be free, where the pipe is there; 0: not at all */
};

/* Connects; the server can find out who we are and no more (identification only). *out_fd is given to
 * uv_pipe_open, which takes it over. ST_SYSTEM: nobody is there, all instances are taken (os_error), or not for us;
 * ST_UNSUPPORTED: somebody is there whom we do not trust, why says who. */
enum status pipe_connect(const struct pipe_target *t, int *out_fd, struct diag *why);

#endif
