/* pipe_rights: the security of our named pipes: what an instance is made with, and whom a client trusts. */
#ifndef VITRINE_HOST_PIPE_RIGHTS_WIN_H
#define VITRINE_HOST_PIPE_RIGHTS_WIN_H

#include <stdbool.h>

#include <windows.h>

#include "proto/host/pipe.h"

/* A new instance for overlapped use. first: the name must be free. INVALID_HANDLE_VALUE: why says so. */
HANDLE pipe_instance_make(const struct pipe_options *o, bool first, struct diag *why);
/* Owner and DACL as the system has them. */
enum status pipe_handle_rights(HANDLE pipe, char out[PIPE_TEXT_BYTES], struct diag *why);
/* What a client of such a pipe opens it with: no right to make instances among them. */
DWORD pipe_client_access(enum pipe_direction direction);
/* ST_UNSUPPORTED: not trusted. */
enum status pipe_check_server(HANDLE pipe, const struct pipe_target *t, struct diag *why);

#endif
