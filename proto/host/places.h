/* places: where Vitrine's things stand on this system, and how its paths are written. */
#ifndef VITRINE_HOST_PLACES_H
#define VITRINE_HOST_PLACES_H

#include <stdbool.h>
#include <stddef.h>

#include "proto/host/host_names.h"

enum { PLACE_BYTES = 1024 };

/* As a person writes them; place_expand makes paths of them. */
#define PLACE_DATA_WINDOWS "%ProgramData%\\Vitrine"
#define PLACE_CONFIG_POSIX "/etc/vitrine/policyd.yaml"
#define PLACE_CONFIG_WINDOWS PLACE_DATA_WINDOWS "\\policyd.yaml"
#define PLACE_RULES_POSIX "/etc/vitrine/rules.d"
#define PLACE_RULES_WINDOWS PLACE_DATA_WINDOWS "\\rules.d"
#define PLACE_CONTROL_POSIX "/run/vitrine/control.sock"
#ifdef _WIN32
#define PLACE_CONFIG PLACE_CONFIG_WINDOWS
#define PLACE_RULES PLACE_RULES_WINDOWS
#define PLACE_CONTROL PIPE_CONTROL
#else
#define PLACE_CONFIG PLACE_CONFIG_POSIX
#define PLACE_RULES PLACE_RULES_POSIX
#define PLACE_CONTROL PLACE_CONTROL_POSIX
#endif

/* Windows: a leading %ProgramData% becomes the folder that the system names; not the environment, which anybody can set for
 * what they start. All else stays as it is. Returns room, or text where there is nothing to replace. */
const char *place_expand(const char *text, char room[PLACE_BYTES]);

/* '/', and on Windows '\' too. */
bool path_is_separator(char c);
/* Bytes of the folder part, its last separator with it: 0 when a path is a name alone. */
size_t path_folder_bytes(const char *path);
/* Names of files in one folder; Windows ignores case (of ASCII here: a rule file of another case is looked at once more). */
bool path_names_equal(const char *a, const char *b);

#endif
