/* sink: what an output does with a batch, as a table of functions. A sink belongs to its output's thread, where it may
 * block; it looks at env->stopping when it does. */
#ifndef VITRINE_OUTPUT_SINK_H
#define VITRINE_OUTPUT_SINK_H

#include "policyd/output/output.h"

enum {
	SINK_MAX_BATCH = 512,                  /* alerts of one send; ecosystem's receivers take 1 MiB or more */
	SINK_BATCH_BYTES = 1 << 20,
};

struct sink_env {
	bool (*stopping)(void *ctx);           /* the program ends: give up now */
	void *ctx;
	const struct output_pair *resource;
	size_t resource_count;
};

enum sink_mark { SINK_OPEN, SINK_DELIVERED, SINK_REJECTED };

/* Zeroed by the caller. What stays SINK_OPEN is sent again after a while. */
struct sink_result {
	uint8_t marks[SINK_MAX_BATCH];         /* enum sink_mark */
	uint64_t rejected_more;                /* within alerts that are marked delivered: OTLP partial success */
	uint32_t retry_after_ms;
	char error[256];                       /* why something stayed open, or was rejected; no secrets */
};

struct sink_type {
	const char *name;
	/* *out NULL unless ST_OK: the configuration cannot work. */
	enum status (*create)(const struct output_config *c, const struct sink_env *env, void **out, struct diag *why);
	void (*send)(void *sink, const struct alert_batch *b, struct sink_result *r);
	void (*destroy)(void *sink);           /* NULL is fine */
	size_t max_batch;                      /* at most SINK_MAX_BATCH */
};

extern const struct sink_type sink_stdout, sink_file, sink_http, sink_otlp, sink_syslog;

void sink_mark_all(struct sink_result *r, const struct alert_batch *b, enum sink_mark mark);

#endif
