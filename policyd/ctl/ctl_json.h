/* ctl_json: reading policyd's answers. Private to the views. */
#ifndef VITRINE_CTL_JSON_H
#define VITRINE_CTL_JSON_H

#include <jansson.h>
#include <stdint.h>

#include "proto/base/bytes.h"

json_t *ctl_json_parse(struct view json);                              /* NULL: no JSON; json_decref takes NULL */
int64_t ctl_json_number(const json_t *object, const char *key);        /* 0: not there */
const char *ctl_json_text(const json_t *object, const char *key);      /* "": not there */

#endif
