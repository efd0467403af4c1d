/* privilege: what the process may do beyond its account, cut to what is needed. Once, before threads start. */
#ifndef VITRINE_HOST_PRIVILEGE_H
#define VITRINE_HOST_PRIVILEGE_H

#include <stddef.h>

#include "proto/base/buf.h"

/* Removes all privileges of the process but these, for good, and looks whether they are gone. One of them that the process
 * has not is no error. ST_SYSTEM: some are still there, why names them. ST_UNSUPPORTED: this system has no such thing. */
enum status privilege_keep_only(const char *const *names, size_t count, struct diag *why);
/* "SeChangeNotifyPrivilege SeSystemProfilePrivilege(enabled)" */
void privilege_describe(struct buf *out);

#endif
