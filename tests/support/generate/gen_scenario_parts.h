/* gen_scenario_parts: the inside of a scenario, shared by the files that play its lines. */
#ifndef VITRINE_TEST_GEN_SCENARIO_PARTS_H
#define VITRINE_TEST_GEN_SCENARIO_PARTS_H

#include "proto/base/limits.h"
#include "tests/support/generate/gen_activity.h"
#include "tests/support/generate/gen_scenario.h"
#include "tests/support/generate/gen_words.h"

enum { MAX_NAMED = 128, MAX_USERS = 16, MAX_CONTAINERS = 8 };

struct named_proc {
	const char *name;
	struct gen_proc *proc;
};

struct gen_scenario {
	char *next;                      /* rest of the text */
	int line;
	struct gen_machine machine;
	struct stream_device_path volumes[LIMIT_DEVICE_PATHS];
	struct gen_user users[MAX_USERS];
	const char *user_names[MAX_USERS];
	size_t user_count;
	struct named_proc procs[MAX_NAMED];
	size_t proc_count;
	struct stream_container containers[MAX_CONTAINERS];
	bool container_runs[MAX_CONTAINERS];
	size_t container_count;
	uint64_t background_per_second;
	struct gen_world *world;
	struct gen_activity activity;
	struct words words;
	struct diag *why;
};

typedef enum status scenario_verb(struct gen_scenario *s, const struct words *w);

/* What must be known before the first record: gen_scenario_declare.c. */
scenario_verb gen_do_machine, gen_do_volume, gen_do_user, gen_do_container;

/* ST_MALFORMED, with the line, what is wrong and with which word. */
enum status gen_scenario_refuse(struct gen_scenario *s, const char *what, const char *which);

#endif
