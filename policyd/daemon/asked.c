#include "policyd/daemon/asked.h"

#include "proto/base/log.h"

static void on_signal(uv_signal_t *handle, int number)
{
	struct asked *a = handle->data;

	if (number == interrupt_reload_signal) {
		log_line(LOG_LEVEL_INFO, "asked to reload by a signal");
		a->reload(a->ctx);
	} else {
		log_line(LOG_LEVEL_INFO, "asked to end by a signal");
		a->end(a->ctx);
	}
}

static void on_stop(uv_async_t *async)
{
	struct asked *a = async->data;

	log_line(LOG_LEVEL_INFO, "asked to end by the service manager");
	a->end(a->ctx);
}

void asked_open(struct asked *a, uv_loop_t *loop)
{
	for (size_t i = 0; i < INTERRUPT_SIGNALS; i++) {
		uv_signal_t *handle = &a->signals[a->signal_count];

		if (uv_signal_init(loop, handle) != 0)
			continue;
		handle->data = a;
		a->signal_count++;
		uv_signal_start(handle, on_signal, interrupt_signals[i]);
	}
	a->has_stop = uv_async_init(loop, &a->stop, on_stop) == 0;
	a->stop.data = a;
	if (a->has_stop)
		uv_unref((uv_handle_t *)&a->stop);
}

void asked_stop(void *ctx)
{
	struct asked *a = ctx;

	if (a->has_stop)
		uv_async_send(&a->stop);
}

void asked_close(struct asked *a)
{
	for (size_t i = 0; i < a->signal_count; i++)
		uv_close((uv_handle_t *)&a->signals[i], NULL);
	if (a->has_stop)
		uv_close((uv_handle_t *)&a->stop, NULL);
	a->has_stop = false;
}
