/* account: Windows accounts as the text of their SID, and which service runs where. Any thread. */
#ifndef VITRINE_HOST_ACCOUNT_WIN_H
#define VITRINE_HOST_ACCOUNT_WIN_H

#include "proto/base/status.h"

enum { ACCOUNT_SID_BYTES = 192 };    /* "S-1-", 15 sub-authorities of 10 digits each, and their signs */

/* account: a SID, "NT SERVICE\name" (computed, so that it holds before the service is there), or what the system knows.
 * ST_NOT_FOUND: no such account. */
enum status account_sid_text(const char *account, char out[ACCOUNT_SID_BYTES], struct diag *why);
/* Of the user this process runs as. */
enum status account_own_sid_text(char out[ACCOUNT_SID_BYTES], struct diag *why);
/* Of whom the system makes the owner of what this process makes: that user, or Administrators. */
enum status account_own_owner_text(char out[ACCOUNT_SID_BYTES], struct diag *why);

/* The process of a service that runs. ST_NOT_FOUND: no such service, or it does not run. */
enum status account_service_pid(const char *service, uint32_t *out_pid, struct diag *why);

#endif
