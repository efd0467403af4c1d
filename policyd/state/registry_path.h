/* registry_path: kernel registry names -> the form of regedit, Sysmon and rules. No state; any thread.
 *
 *   \REGISTRY\MACHINE\SYSTEM\ControlSet001\x    HKLM\SYSTEM\CurrentControlSet\x
 *   \REGISTRY\USER\S-1-5-21-..\x                HKU\S-1-5-21-..\x      (…_Classes stays a key of HKU, as in Sysmon)
 *   \REGISTRY\WC\Silo<guid>machine\x            HKLM\x                 (hive of a container; undocumented name)
 *   \REGISTRY\A\{guid}\x                        as it is: application hives have no other name
 */
#ifndef VITRINE_STATE_REGISTRY_PATH_H
#define VITRINE_STATE_REGISTRY_PATH_H

#include "proto/base/arena.h"
#include "proto/record.h"

/* The regedit form, cut from path where possible, else made in scratch; path itself when it has no known root. */
struct text_view registry_path(struct text_view path, struct arena *scratch);

/* True for a whole path: from a root, not relative to some key. */
bool registry_path_is_absolute(struct text_view path);

/* base\name without doubled backslashes. base may be empty. */
struct text_view registry_path_join(struct text_view base, struct text_view name, struct arena *scratch);

#endif
