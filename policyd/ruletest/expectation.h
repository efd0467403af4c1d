/* expectation: what a rule test expects of the alerts, and how many of them came. Private to the layer. */
#ifndef VITRINE_RULETEST_EXPECTATION_H
#define VITRINE_RULETEST_EXPECTATION_H

#include "policyd/alert/template.h"
#include "policyd/evaluate/evaluator.h"
#include "policyd/yaml/yaml_doc.h"

enum {
	EXPECT_MAX = 1024,                 /* of one test */
	EXPECT_MAX_SEEN = 64,              /* different rules told in "got"; more are counted together */
};

struct expected_field {
	const char *name;                  /* "proc.pname" */
	const char *text;                  /* as an output prints it; NULL: missing */
	size_t len;
	const struct template *format;     /* NULL: a number of the alert itself */
};

struct expectation {
	const struct yaml_node *node;
	const char *rule;                  /* NULL: any rule ("*") */
	uint64_t count;
	struct expected_field *fields;
	size_t field_count;
	uint64_t got;                      /* alerts that fit */
};

struct seen_rule {
	const char *name;
	uint64_t count;
};

struct expectations {
	struct expectation *items;
	size_t count;
	struct seen_rule seen[EXPECT_MAX_SEEN];
	size_t seen_count;
	uint64_t alerts;
	struct buf text;                   /* scratch for values */
};

/* node: the sequence under `expect`. checker: of the vocabulary the alerts come from. ST_MALFORMED: why has the place.
 * expectations_release afterwards in any case. */
enum status expectations_read(const struct yaml_node *node, const struct cond_checker *checker, struct expectations *out,
	struct diag *why);
void expectations_release(struct expectations *e);

/* rs: rules that are expected must exist in it. */
enum status expectations_check_rules(const struct expectations *e, const struct ruleset *rs, struct diag *why);

/* Counts one alert. */
void expectations_note(struct expectations *e, const struct finding *f, const struct event_view *view);

/* False: not met; what is wrong is appended, each line indented. */
bool expectations_met(const struct expectations *e, struct buf *why);

#endif
