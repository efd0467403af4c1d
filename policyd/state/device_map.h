/* device_map: NT object paths -> the DOS paths people write rules with. Windows gives the same file many names
 * (\Device\HarddiskVolume3\x, \??\C:\x, \SystemRoot\x, \Device\Mup\server\share\x); rules see one.
 * A device nobody named keeps its NT path. Single-threaded. */
#ifndef VITRINE_STATE_DEVICE_MAP_H
#define VITRINE_STATE_DEVICE_MAP_H

#include "proto/base/arena.h"
#include "proto/record.h"

struct device_map;

struct device_map *device_map_create(void); /* empty; NULL: out of memory */
void device_map_destroy(struct device_map *m);
void device_map_clear(struct device_map *m);
/* "\Device\HarddiskVolume3" -> "C:". Replaces the device's former drive. Ignored past LIMIT_DEVICE_PATHS, or when a
 * name is empty or longer than a device name can be. */
void device_map_add(struct device_map *m, struct text_view device, struct text_view drive);

/* A stream without a map still shows which volume Windows is on: `path` is the image of a system process as the kernel
 * wrote it. Learns "C:" from ...\Windows\System32\smss.exe and its like on a hard disk volume, once, and only while no
 * map was given. */
void device_map_learn(struct device_map *m, struct text_view path);

/* The DOS form, cut from path where possible, else made in scratch. path itself when nothing is known about it. */
struct text_view device_map_dos_path(const struct device_map *m, struct text_view path, struct arena *scratch);

#endif
