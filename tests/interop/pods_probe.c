/* The pods that policyd's own client knows, one line for each change of them: ["NAMESPACE/NAME",...]. Ends when standard
 * input does. usage: pods_probe URL CA_FILE TOKEN_FILE NODE PAGE_OBJECTS */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <uv.h>

#include "policyd/kube/kube_client.h"

enum { MAX_PODS = PODS_MAX, READ_BYTES = 64 };

struct probe {
	uv_loop_t loop;
	uv_pipe_t input;
	struct pods *pods;
	struct kube_client *client;
	const struct pod *shown[MAX_PODS];
	size_t count;
	char room[READ_BYTES];
};

static int by_name(const void *a, const void *b)
{
	const struct pod *x = *(const struct pod *const *)a, *y = *(const struct pod *const *)b;
	int order = strcmp(x->ns, y->ns);

	return order ? order : strcmp(x->name, y->name);
}

static void add(void *ctx, const struct pod *pod)
{
	struct probe *p = ctx;

	if (p->count < MAX_PODS)
		p->shown[p->count++] = pod;
}

static void changed(void *ctx)
{
	struct probe *p = ctx;

	if (pods_source(p->pods) != PODS_CURRENT)
		return;
	p->count = 0;
	pods_each(p->pods, add, p);
	qsort(p->shown, p->count, sizeof p->shown[0], by_name);
	putchar('[');
	for (size_t i = 0; i < p->count; i++)
		printf("%s\"%s/%s\"", i ? "," : "", p->shown[i]->ns, p->shown[i]->name);
	puts("]");
	fflush(stdout);
}

static void give_room(uv_handle_t *handle, size_t suggested, uv_buf_t *out)
{
	struct probe *p = handle->data;

	(void)suggested;
	*out = uv_buf_init(p->room, READ_BYTES);
}

static void on_input(uv_stream_t *stream, ssize_t n, const uv_buf_t *room)
{
	struct probe *p = stream->data;

	(void)room;
	if (n >= 0)
		return;
	kube_client_close(p->client);
	uv_close((uv_handle_t *)&p->input, NULL);
}

static int run(struct probe *p, char **argv)
{
	struct kube_client_config c = { .server = { .url = argv[1], .ca_file = argv[2], .token_file = argv[3] }, .node = argv[4],
		.user_agent = "pods-probe", .page_objects = (uint32_t)strtoul(argv[5], NULL, 10), .loop = &p->loop, .pods = p->pods,
		.changed = changed, .ctx = p };
	struct diag why = DIAG_INIT;

	if (kube_client_open(&c, &p->client, &why) != ST_OK) {
		fprintf(stderr, "pods_probe: %s\n", why.text);
		return 1;
	}
	uv_pipe_init(&p->loop, &p->input, 0);
	p->input.data = p;
	uv_pipe_open(&p->input, 0);
	uv_read_start((uv_stream_t *)&p->input, give_room, on_input);
	uv_run(&p->loop, UV_RUN_DEFAULT);
	kube_client_release(p->client);
	return 0;
}

int main(int argc, char **argv)
{
	struct probe *p = calloc(1, sizeof *p);
	int status = 1;

	if (argc != 6 || !p || uv_loop_init(&p->loop) != 0)
		return 2;
	p->pods = pods_create(1);
	if (p->pods)
		status = run(p, argv);
	pods_destroy(p->pods);
	uv_loop_close(&p->loop);
	free(p);
	return status;
}
