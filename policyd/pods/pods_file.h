/* pods_file: pods from what `kubectl get pods -o json` prints (a list, or one pod), for replays and trials without an API
 * server. Namespaces in it serve too. */
#ifndef VITRINE_PODS_FILE_H
#define VITRINE_PODS_FILE_H

#include "policyd/pods/pods.h"

struct pods_file;

struct pods_file *pods_file_open(struct pods *p);          /* NULL: out of memory */
/* Any split of the bytes. */
enum status pods_file_feed(struct pods_file *f, const char *ptr, size_t len);
/* Closes it; the table is then PODS_FIXED. *count: objects taken; other objects of the list are passed over.
 * ST_MALFORMED: no JSON object; ST_TRUNCATED: it is not whole. */
enum status pods_file_close(struct pods_file *f, size_t *count);

#endif
