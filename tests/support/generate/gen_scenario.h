/* gen_scenario: a readable scenario (tests/support/README.md) played on a gen_world. */
#ifndef VITRINE_TEST_GEN_SCENARIO_H
#define VITRINE_TEST_GEN_SCENARIO_H

#include "proto/base/buf.h"
#include "tests/support/generate/gen_world.h"

struct gen_scenario;

/* Reads the declarations of the machine, so that an output can be made for it. text: changed in place, must outlive the
 * scenario. why: where and what. */
enum status gen_scenario_open(char *text, struct gen_scenario **out, struct diag *why);
void gen_scenario_close(struct gen_scenario *s);
const struct gen_machine *gen_scenario_machine(const struct gen_scenario *s);
/* Once. */
enum status gen_scenario_play(struct gen_scenario *s, const struct gen_output *out, struct diag *why);

#endif
