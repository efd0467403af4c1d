/* vitrine-import: recordings of other tools -> one stream of ours, or a summary of each. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "collector/import/formats.h"
#include "collector/import/input/input_list.h"
#include "collector/import/stream_out.h"
#include "collector/import/summary.h"
#include "proto/base/buf.h"
#include "proto/host/interrupt.h"
#include "proto/host/os_file.h"
#include "proto/host/progress.h"

enum { EXIT_UNREADABLE = 1, EXIT_WRONG_USAGE = 2, EXIT_INTERRUPTED = 130 };    /* 128 + SIGINT, as shells count */
enum { DAMAGE_SHOWN_MAX = 20, RECORDS_BETWEEN_CHECKS = 4096, TEXT_BYTES = 1024 };

struct options {
	const char *out;
	bool summary, json;
	char **arguments;           /* INPUT... */
	int argument_count;
	struct input_list *inputs;  /* what they stand for */
};

struct job {                                /* one input */
	const char *name;
	const struct options *options;
	struct stream_out *out;             /* NULL: a summary is wanted */
	struct summary *summary;            /* NULL: a stream is wanted */
	struct byte_input *input;
	struct record_source *source;
	struct progress progress;
	uint64_t records, damage_seen;
	struct buf held;                    /* what is to be said once it is a recording: the first record shows */
};

static void usage(FILE *to)
{
	fputs("usage: vitrine-import [-o out.vst] INPUT...\n"
	      "       vitrine-import --summary [--json] INPUT...\n\n"
	      "  -o FILE     where the stream goes; - is standard output, the default unless that is a terminal\n"
	      "  --summary   count the events of each kind instead\n"
	      "  --json      the summary as one JSON object a line\n"
	      "  --version, --help\n\n"
	      "INPUT is a recording, plain or .zst or .gz; a folder (every file below it) or a pattern with * and ?;\n"
	      "- is standard input. Formats, told by content:\n",
		to);
	for (size_t i = 0; i < import_format_count; i++)
		fprintf(to, "  %-10s  %s\n", import_formats[i].name, import_formats[i].doc);
}

static void say(struct job *j, const char *text)
{
	progress_clear(&j->progress);
	fprintf(stderr, "%s: %s\n", j->name, text);
}

static void say_why(struct job *j, struct diag *why)
{
	char text[TEXT_BYTES];

	if (!why->file[0])
		diag_set_file(why, j->name);
	diag_format(why, text, sizeof text);
	progress_clear(&j->progress);
	fprintf(stderr, "vitrine-import: %s\n", text);
}

static enum status on_hello(void *ctx, const struct stream_hello *h)
{
	struct job *j = ctx;

	return j->out ? stream_out_hello(j->out, h) : ST_OK;
}

static void check_in(struct job *j)
{
	uint64_t done, total;

	byte_input_progress(j->input, &done, &total);
	progress_update(&j->progress, done, total);
	if (interrupt_seen())
		j->source->stop(j->source);
}

static void say_held(struct job *j)
{
	if (!j->held.len)
		return;
	progress_clear(&j->progress);
	fputs(buf_cstr(&j->held), stderr);
	buf_clear(&j->held);
}

static enum status on_record(void *ctx, const struct record *r)
{
	struct job *j = ctx;

	if (j->records == 0)
		say_held(j);
	if (++j->records % RECORDS_BETWEEN_CHECKS == 0)
		check_in(j);
	return j->out ? stream_out_record(j->out, r) : summary_add(j->summary, r);
}

static enum status on_loss(void *ctx, const struct stream_loss *l)
{
	struct job *j = ctx;

	return j->out ? stream_out_loss(j->out, l) : ST_OK;
}

static void on_damage(void *ctx, const struct source_damage *d)
{
	struct job *j = ctx;
	char text[TEXT_BYTES];

	if (++j->damage_seen > DAMAGE_SHOWN_MAX)
		return;
	if (d->line)
		snprintf(text, sizeof text, "line %" PRIu64 ": %s; %" PRIu64 " bytes lost", d->line, d->what, d->skipped_bytes);
	else
		snprintf(text, sizeof text, "damaged at offset %" PRIu64 ": %s; %" PRIu64 " bytes lost", d->offset, d->what,
			d->skipped_bytes);
	if (j->records)
		say(j, text);
	else
		buf_printf(&j->held, "%s: %s\n", j->name, text);
}

static void say_count(struct job *j, uint64_t count, const char *what)
{
	char text[TEXT_BYTES];

	if (!count)
		return;
	snprintf(text, sizeof text, "%" PRIu64 " %s", count, what);
	say(j, text);
}

/* Only what is out of the ordinary: a clean import says nothing. */
static void say_counters(struct job *j, const struct source_counters *c)
{
	if (j->damage_seen > DAMAGE_SHOWN_MAX)
		say_count(j, j->damage_seen - DAMAGE_SHOWN_MAX, "more damaged places, not shown");
	say_count(j, c->events_lost, "events were lost before the recording was written");
	say_count(j, c->buffers_lost, "buffers were lost before the recording was written");
	say_count(j, c->late_records, "records are out of time order by more than the sort window");
	say_count(j, c->wpp_messages, "WPP messages left out: they need the writer's private symbols");
	say_count(j, c->error_records, "logging errors of ETW left out");
	say_count(j, c->unknown_records, "records of unknown header kinds left out");
	say_count(j, c->bad_records, "records with contradicting lengths left out");
	say_count(j, c->undecoded_records, "entries could not be decoded and were left out");
	say_count(j, c->cut_values, "values are past the limits of a stream and were cut or left out");
}

static bool print_summary(struct job *j)
{
	struct summary_facts facts = { .file = j->name, .counters = j->source->counters(j->source) };

	progress_clear(&j->progress);
	if (j->options->json)
		return summary_print_json(j->summary, &facts, stdout);
	return summary_print_text(j->summary, &facts, stdout);
}

static enum status run_job(struct job *j, struct diag *why)
{
	struct source_sink sink = { .hello = on_hello, .record = on_record, .loss = on_loss, .damage = on_damage, .ctx = j };
	enum status st = byte_input_open(j->name, &j->input, why);

	if (st == ST_OK)
		st = import_open(j->input, &j->source, why);
	if (st == ST_OK && !j->out && !(j->summary = summary_create()))
		st = diag_set(why, ST_NOMEM, "out of memory");
	if (st == ST_OK)
		st = j->source->run(j->source, &sink, why);
	if (j->out && stream_out_broken(j->out))
		stream_out_explain(j->out, why);
	if ((st == ST_OK || st == ST_STOPPED) && j->summary && !print_summary(j))
		st = diag_set(why, ST_SYSTEM, "cannot write the summary");
	/* A file of no known shape is told in one line, whatever its lines lack. */
	if (j->source && st != ST_UNSUPPORTED) {
		say_held(j);
		say_counters(j, j->source->counters(j->source));
	}
	progress_clear(&j->progress);
	if (j->source)
		j->source->close(j->source);
	summary_destroy(j->summary);
	byte_input_close(j->input);
	return st;
}

/* A file that was only found, in a folder or by a pattern, need not be a recording. */
static enum status run_input(const struct options *o, size_t i, struct stream_out *out)
{
	struct job j = { .name = input_list_path(o->inputs, i), .options = o, .out = out };
	struct diag why = DIAG_INIT;
	enum status st;

	progress_init(&j.progress, stderr, j.name);
	buf_init(&j.held, DAMAGE_SHOWN_MAX * 2 * TEXT_BYTES);
	st = run_job(&j, &why);
	buf_release(&j.held);
	if (st == ST_OK || st == ST_STOPPED)
		return ST_OK;
	if (st == ST_UNSUPPORTED && !input_list_was_named(o->inputs, i)) {
		say(&j, "passed over: no recording of a known format");
		return ST_OK;
	}
	say_why(&j, &why);
	return st;
}

/* A broken output ends the whole run; an input that cannot be read does not. */
static int run_inputs(const struct options *o, struct stream_out *out)
{
	int exit_code = 0;

	for (size_t i = 0; i < input_list_count(o->inputs) && !interrupt_seen(); i++) {
		if (run_input(o, i, out) != ST_OK)
			exit_code = EXIT_UNREADABLE;
		if (out && stream_out_broken(out))
			break;
	}
	return interrupt_seen() ? EXIT_INTERRUPTED : exit_code;
}

static int run(const struct options *o)
{
	struct diag why = DIAG_INIT;
	struct stream_out *out = NULL;
	char text[TEXT_BYTES];
	int exit_code;

	if (!o->summary && !(out = stream_out_create(o->out))) {
		fputs("vitrine-import: out of memory\n", stderr);
		return EXIT_UNREADABLE;
	}
	exit_code = run_inputs(o, out);
	if (out && stream_out_refused(out))
		fprintf(stderr, "vitrine-import: %" PRIu64 " records are too large for a frame and were left out\n",
			stream_out_refused(out));
	if (out && !stream_out_broken(out) && stream_out_finish(out, &why) != ST_OK) {
		diag_format(&why, text, sizeof text);
		fprintf(stderr, "vitrine-import: %s\n", text);
		exit_code = EXIT_UNREADABLE;
	}
	stream_out_destroy(out);
	return exit_code;
}

static bool read_option(struct options *o, char **argv, int *at)
{
	const char *word = argv[*at];

	if (strcmp(word, "-o") == 0) {
		o->out = argv[++*at];
		return o->out != NULL;
	}
	if (strcmp(word, "--summary") == 0)
		o->summary = true;
	else if (strcmp(word, "--json") == 0)
		o->json = true;
	else
		return false;
	return true;
}

static bool is_option(const char *word)
{
	return word[0] == '-' && word[1] != '\0';
}

static bool read_options(struct options *o, char **argv)
{
	int i = 1;

	for (; argv[i] && is_option(argv[i]); i++) {
		if (strcmp(argv[i], "--") == 0) {
			i++;
			break;
		}
		if (!read_option(o, argv, &i))
			return false;
	}
	o->arguments = argv + i;
	while (o->arguments[o->argument_count])
		o->argument_count++;
	return o->argument_count > 0 && !(o->json && !o->summary) && !(o->out && o->summary);
}

static bool output_is_safe(const struct options *o)
{
	if (o->summary)
		return true;
	if (strcmp(o->out, "-") == 0 && os_is_terminal(stdout)) {
		fputs("vitrine-import: standard output is a terminal; say -o FILE\n", stderr);
		return false;
	}
	for (size_t i = 0; i < input_list_count(o->inputs); i++) {
		if (strcmp(o->out, "-") != 0 && strcmp(o->out, input_list_path(o->inputs, i)) == 0) {
			fprintf(stderr, "vitrine-import: %s is both input and output\n", o->out);
			return false;
		}
	}
	return true;
}

/* EXIT_UNREADABLE when one of the arguments stands for nothing; the others count all the same. */
static int find_inputs(struct options *o)
{
	int exit_code = 0;

	o->inputs = input_list_create();
	if (!o->inputs) {
		fputs("vitrine-import: out of memory\n", stderr);
		return EXIT_UNREADABLE;
	}
	for (int i = 0; i < o->argument_count; i++) {
		struct diag why = DIAG_INIT;
		char text[TEXT_BYTES];

		if (input_list_add(o->inputs, o->arguments[i], &why) == ST_OK)
			continue;
		diag_format(&why, text, sizeof text);
		fprintf(stderr, "vitrine-import: %s\n", text);
		exit_code = EXIT_UNREADABLE;
	}
	return exit_code;
}

static int find_and_run(struct options *o)
{
	int found = find_inputs(o), done;

	if (!o->inputs)
		return found;
	if (!output_is_safe(o)) {
		done = EXIT_WRONG_USAGE;
	} else {
		os_stdio_binary();
		interrupt_install();
		done = run(o);
	}
	input_list_destroy(o->inputs);
	return done ? done : found;
}

int main(int argc, char **argv)
{
	struct options o = { .out = NULL };

	if (argc == 2 && strcmp(argv[1], "--help") == 0) {
		usage(stdout);
		return 0;
	}
	if (argc == 2 && strcmp(argv[1], "--version") == 0) {
		puts("vitrine-import " VITRINE_VERSION);
		return 0;
	}
	if (!read_options(&o, argv)) {
		usage(stderr);
		return EXIT_WRONG_USAGE;
	}
	if (!o.out)
		o.out = "-";
	return find_and_run(&o);
}
