/* toy_value: a YAML value as a typed value. {hex: ..} gives any bytes. */
#ifndef VITRINE_CONFORMANCE_TOY_VALUE_H
#define VITRINE_CONFORMANCE_TOY_VALUE_H

#include "policyd/engine/value.h"
#include "policyd/yaml/yaml_doc.h"
#include "proto/base/arena.h"

bool toy_value_parse(enum value_type type, const struct yaml_node *node, struct arena *arena, struct value *out);
bool toy_value_list(enum value_type type, const struct yaml_node *node, struct arena *arena, struct value *out);

#endif
