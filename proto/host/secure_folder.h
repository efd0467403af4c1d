/* secure_folder: folders of a service, which nobody but administrators and that service gets into. Elsewhere ST_UNSUPPORTED:
 * there the package makes them. */
#ifndef VITRINE_HOST_SECURE_FOLDER_H
#define VITRINE_HOST_SECURE_FOLDER_H

#include "proto/base/status.h"

enum secure_for {                       /* what the service may do there */
	SECURE_TO_READ, SECURE_TO_WRITE
};

/* Makes the folder, or takes one over: owner Administrators, full access for SYSTEM and Administrators, the account as said,
 * nobody else, nothing inherited from above. Users may make folders in %ProgramData% before we come: one that is not
 * SYSTEM's, Administrators' or our own user's, or that is a link, is refused (ST_UNSUPPORTED) and stays as it is. */
enum status secure_folder_make(const char *path, enum secure_for use, const char *account, struct diag *why);

#endif
