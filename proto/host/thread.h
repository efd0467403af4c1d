/* thread: threads for a program that has no libuv loop. */
#ifndef VITRINE_HOST_THREAD_H
#define VITRINE_HOST_THREAD_H

#include <stdint.h>

#include "proto/base/status.h"

typedef void thread_main(void *ctx);

struct thread;

/* ST_SYSTEM, ST_NOMEM: none was started. */
enum status thread_start(thread_main *main, void *ctx, struct thread **out, struct diag *why);
/* Waits for its end and frees it. NULL is fine. */
void thread_join(struct thread *t);
void thread_sleep_ms(uint32_t ms);

#endif
