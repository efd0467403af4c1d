/* otlp_encode: alerts as an OTLP log export, and what receivers answer. The only place of OTLP's protobuf. An alert's
 * mapping: ecosystem.md §3.3. Every output field keeps its Falco name; those that OpenTelemetry has a name for get that
 * one too. */
#ifndef VITRINE_OUTPUT_OTLP_ENCODE_H
#define VITRINE_OUTPUT_OTLP_ENCODE_H

#include "policyd/output/sink.h"
#include "proto/base/arena.h"
#include "proto/base/buf.h"

enum {
	OTLP_MAX_REQUEST_BYTES = 16 << 20,     /* before gzip; a batch is about SINK_BATCH_BYTES of documents */
	OTLP_ARENA_BYTES = 64 << 20,
	OTLP_MAX_ATTRIBUTES = 512,             /* of one alert; more are counted in dropped_attributes_count */
};

/* Appends an ExportLogsServiceRequest. The arena is reset. False: out of room. */
bool otlp_encode(const struct alert_batch *b, const struct sink_env *env, struct arena *scratch, struct buf *out);

/* What a 2xx answer says of alerts it did not take (ExportLogsServiceResponse). False: it is no such message, and the
 * alerts count as taken. message: why, "" when nothing is said. */
bool otlp_read_answer(const void *body, size_t len, uint64_t *rejected, char *message, size_t message_bytes);
/* What a refusal says (google.rpc.Status). False: nothing. */
bool otlp_read_refusal(const void *body, size_t len, char *message, size_t message_bytes);

#endif
