/* pipe_socket: the unix sockets that pipes are where there are no named ones. */
#ifndef VITRINE_HOST_PIPE_SOCKET_POSIX_H
#define VITRINE_HOST_PIPE_SOCKET_POSIX_H

#include <sys/un.h>

#include "proto/base/status.h"

/* ST_LIMIT: a path that no socket can have. */
enum status pipe_socket_address(const char *path, struct sockaddr_un *out, struct diag *why);
/* A bound socket of mode 0600 from the first moment on. One left behind by a process that is gone is replaced; one that
 * somebody listens on is not (ST_SYSTEM). */
enum status pipe_socket_bind(const char *path, int *out_fd, struct diag *why);
/* ST_UNSUPPORTED: the other end of a connection is neither of our own user, nor root. */
enum status pipe_socket_check_peer(int fd, struct diag *why);

#endif
