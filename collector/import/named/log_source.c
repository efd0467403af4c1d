#include "collector/import/named/log_source.h"

static struct log_source *of(struct record_source *base)
{
	return (struct log_source *)base;
}

static void log_stop(struct record_source *base)
{
	atomic_store(&of(base)->stopping, true);
}

static const struct source_counters *log_counters(const struct record_source *base)
{
	return &((const struct log_source *)base)->counters;
}

enum status log_source_init(struct log_source *l, const char *name, enum stream_source kind)
{
	l->base.name = name;
	l->base.stop = log_stop;
	l->base.counters = log_counters;
	l->kind = kind;
	return named_record_init(&l->named);
}

void log_source_release(struct log_source *l)
{
	named_record_release(&l->named);
}

static enum status tell_pending(struct log_source *l)
{
	struct stream_hello h = { .schema_version = STREAM_SCHEMA_VERSION, .source = l->kind, .clock = CLOCK_SYSTEM_TIME };
	struct stream_loss loss = { .reason = LOSS_DAMAGE, .buffers_lost = l->damage_untold };
	enum status st = ST_OK;

	if (!l->hello_sent)
		st = l->sink->hello(l->sink->ctx, &h);
	l->hello_sent = true;
	if (st == ST_OK && l->damage_untold)
		st = l->sink->loss(l->sink->ctx, &loss);
	l->damage_untold = 0;
	return st;
}

enum status log_source_record(struct log_source *l)
{
	enum status st = ST_OK;

	if (!l->hello_sent || l->damage_untold)
		st = tell_pending(l);
	if (st != ST_OK)
		return st;
	l->counters.records++;
	l->counters.cut_values = l->named.cut_values;
	return l->sink->record(l->sink->ctx, named_record_finish(&l->named));
}

void log_source_damage(struct log_source *l, const struct source_damage *d)
{
	l->counters.damaged_places++;
	l->counters.damaged_bytes += d->skipped_bytes;
	l->damage_untold++;
	l->sink->damage(l->sink->ctx, d);
}

enum status log_source_finish(struct log_source *l)
{
	enum status st = tell_pending(l);

	return st == ST_OK && log_source_stopping(l) ? ST_STOPPED : st;
}
