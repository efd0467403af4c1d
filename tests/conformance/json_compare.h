/* json_compare: one JSON text against an expected YAML value: the same keys, values and types; the text's keys sorted. */
#ifndef VITRINE_CONFORMANCE_JSON_COMPARE_H
#define VITRINE_CONFORMANCE_JSON_COMPARE_H

#include "tests/conformance/case.h"

void json_compare(struct case_run *run, const struct yaml_node *want, const char *json, size_t len);

#endif
