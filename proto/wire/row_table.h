/* row_table: the rows that records refer to by number: providers (GUID and name), or names alone (zero GUID).
 * The reader looks up by number, the writer by content. Owns its text. Not thread-safe. */
#ifndef VITRINE_WIRE_ROW_TABLE_H
#define VITRINE_WIRE_ROW_TABLE_H

#include "proto/base/status.h"
#include "proto/stream.h"

struct row_table;

struct row_table *row_table_create(uint32_t max_rows, size_t max_text_bytes);    /* NULL: out of memory */
void row_table_destroy(struct row_table *t);                                     /* NULL is fine */
void row_table_clear(struct row_table *t);

/* Copies the row; it gets the next number, counted from 1. ST_LIMIT: a maximum is reached. ST_NOMEM. */
enum status row_table_append(struct row_table *t, const struct stream_provider *row);
/* Valid until row_table_clear, its text too; NULL: no such row. */
const struct stream_provider *row_table_get(const struct row_table *t, uint32_t row);
/* Number of a row that says the same, 0: none. Without a name the GUID alone decides. */
uint32_t row_table_find(struct row_table *t, const struct stream_provider *wanted);

#endif
