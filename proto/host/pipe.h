/* pipe: the server's end of a local pipe, made with its final access rights: a unix socket of mode 0600. What comes back
 * is given to libuv with uv_pipe_open. A client connects with uv_pipe_connect. Any thread. */
#ifndef VITRINE_HOST_PIPE_H
#define VITRINE_HOST_PIPE_H

#include <stdbool.h>

#include "proto/base/status.h"

/* A bound socket, to be listened on. A socket left behind by a process that is gone is replaced; one that somebody
 * listens on is not (ST_SYSTEM). The mode holds from the first moment on. */
enum status pipe_bind(const char *path, int *out_fd, struct diag *why);
/* Removes the name; nothing happens when it is gone already. */
void pipe_unbind(const char *path);

/* Whether the other end of a connection is of our own user, or root. *out_uid: who it is, UINT32_MAX when not known. */
bool pipe_peer_allowed(int fd, uint32_t *out_uid);

#endif
