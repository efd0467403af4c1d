/* outputs_parts: what one daemon's outputs are made of. Private to outputs*.c. */
#ifndef VITRINE_OUTPUT_OUTPUTS_PARTS_H
#define VITRINE_OUTPUT_OUTPUTS_PARTS_H

#include "policyd/output/output.h"
#include "policyd/output/runner.h"

/* A configuration ready to run: its outputs, made and not started. */
struct outputs_change {
	struct runner *runners[OUTPUT_MAX_COUNT];
	size_t count;
	uint64_t store_max_bytes;
	int64_t store_max_age_s;
};

struct outputs_patch_entry {
	struct alert_patch *patch;
	uint32_t tries;
};

struct outputs {
	struct alert_queue *queue;
	struct store *store;
	struct output_signal signal;
	bool signal_ready;
	/* Under signal.lock; only the store's thread changes them once it runs. */
	struct runner *runners[OUTPUT_MAX_COUNT];
	size_t runner_count;
	struct runner *retired;                /* told to end, and followed by none */
	struct outputs_change *change;         /* what the store's thread is to do next; NULL: nothing */
	bool change_failed;                    /* has been told; store's thread only, as is: */
	bool places_unused;                     /* places in the store may be without an output */
	uv_thread_t store_thread;
	bool store_started, store_ended;       /* ended: under signal.lock, as are these: */
	uint64_t stored, store_failures, unstored;
	struct outputs_patch_entry patches[OUTPUT_MAX_PATCHES];    /* with patch_count and patch_stats under signal.lock */
	size_t patch_count;
	struct output_patch_stats patch_stats;
	char store_error[256];
	char only_in_memory[256];              /* why there is no store on disk; "": there is one, or none is wanted */
};

struct store_output outputs_place(const struct output_config *c);    /* what the store has to know of an output */

/* The store's thread: takes those that wait before it takes alerts, so that their alerts are there when they are written. */
size_t outputs_take_patches(struct outputs *o, struct outputs_patch_entry out[OUTPUT_MAX_PATCHES]);
enum status outputs_write_patches(struct outputs *o, struct outputs_patch_entry *entries, size_t count, struct diag *why);
void outputs_release_patches(struct outputs *o);

/* The store's thread: makes the change that waits, and lets go of what has ended. */
void outputs_serve(struct outputs *o);

#endif
