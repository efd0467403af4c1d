/* pipe_server: the server's end of a pipe (pipe.h) for many clients, on a loop of libuv. Loop thread only. */
#ifndef VITRINE_HOST_PIPE_SERVER_H
#define VITRINE_HOST_PIPE_SERVER_H

#include <uv.h>

#include "proto/host/pipe.h"

struct pipe_server;

/* Somebody wants in: pipe_server_accept takes them, now or later. Told once for each. err: libuv's, of a connection that
 * failed; nobody waits then. */
typedef void pipe_server_waiting(void *ctx, int err);

/* PIPE_BOTH; on Linux also what only takes bytes in. *out NULL unless ST_OK. */
enum status pipe_server_open(uv_loop_t *loop, const struct pipe_options *o, struct pipe_server **out, struct diag *why);
enum status pipe_server_listen(struct pipe_server *s, pipe_server_waiting *waiting, void *ctx, struct diag *why);
/* Onto a pipe that is initialised, and that the caller closes whatever comes back. ST_STOPPED: nobody waits; ST_UNSUPPORTED:
 * another user's process (POSIX; on Windows the DACL keeps them out). */
enum status pipe_server_accept(struct pipe_server *s, uv_pipe_t *client, struct diag *why);
/* Removes the name; what it holds goes when the loop has run. NULL is fine. */
void pipe_server_close(struct pipe_server *s);

#endif
