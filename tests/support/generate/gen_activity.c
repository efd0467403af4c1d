#include "tests/support/generate/gen_activity.h"

#include <stdio.h>

#include "tests/support/generate/gen_actions.h"

#define COUNT(a) ((uint32_t)(sizeof(a) / sizeof((a)[0])))

enum { REG_SZ = 1, REG_DWORD = 4 };

/* '#' stands for a hex digit by chance. Paths go behind the volume of the process. */
static const char *const system_files[] = {
	"\\Windows\\System32\\config\\SOFTWARE.LOG1",
	"\\Windows\\System32\\LogFiles\\WMI\\session#.etl",
	"\\Windows\\System32\\winevt\\Logs\\Application.evtx",
	"\\Windows\\System32\\en-US\\module##.dll.mui",
	"\\Windows\\Prefetch\\APP##-########.pf",
	"\\ProgramData\\Microsoft\\Network\\Downloader\\edb.log",
	"\\Windows\\SoftwareDistribution\\DataStore\\DataStore.edb",
	"\\Windows\\Fonts\\segoeui#.ttf",
};
static const char *const user_files[] = {
	"\\Users\\anna\\AppData\\Local\\Google\\Chrome\\User Data\\Default\\Cache\\f_00####",
	"\\Users\\anna\\AppData\\Local\\Google\\Chrome\\User Data\\Default\\History-journal",
	"\\Users\\anna\\AppData\\Local\\Microsoft\\Windows\\Explorer\\thumbcache_###.db",
	"\\Users\\anna\\Documents\\report-####.docx",
	"\\Users\\anna\\source\\shop\\obj\\Release\\shop.####.cache",
	"\\Users\\anna\\AppData\\Local\\Temp\\~DF########.TMP",
};
static const char *const web_files[] = {
	"\\inetpub\\wwwroot\\index.html",
	"\\inetpub\\wwwroot\\bin\\shop.dll",
	"\\inetpub\\wwwroot\\images\\item-####.png",
	"\\inetpub\\logs\\LogFiles\\W3SVC1\\u_ex25030#.log",
	"\\Windows\\Microsoft.NET\\Framework64\\v4.0.30319\\Temporary ASP.NET Files\\root\\########\\hash.web",
};
static const char *const keys[] = {
	"\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion",
	"\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Explorer\\FolderDescriptions\\{########-0000-0000-0000-000000000000}",
	"\\SYSTEM\\ControlSet001\\Services\\Tcpip\\Parameters",
	"\\SOFTWARE\\Microsoft\\Cryptography\\OID\\EncodingType 0",
	"\\SOFTWARE\\Microsoft\\Ole",
	"\\SYSTEM\\ControlSet001\\Control\\Nls\\Sorting\\Versions",
	"\\SOFTWARE\\Policies\\Microsoft\\SystemCertificates\\Root",
	"\\SOFTWARE\\Classes\\CLSID\\{########-0000-0000-c000-000000000046}",
};
static const char *const value_names[] = { "InstallRoot", "Hostname", "Category", "EnableLog", "000603xx", "ProductName" };
static const char *const modules[] = {
	"\\Windows\\System32\\ntdll.dll",
	"\\Windows\\System32\\kernel32.dll",
	"\\Windows\\System32\\KernelBase.dll",
	"\\Windows\\System32\\msvcrt.dll",
	"\\Windows\\System32\\rpcrt4.dll",
	"\\Windows\\System32\\combase.dll",
	"\\Windows\\System32\\ws2_32.dll",
	"\\Windows\\System32\\bcryptprimitives.dll",
	"\\Windows\\System32\\uxtheme.dll",
	"\\Windows\\System32\\schannel.dll",
};
static const struct name_and_address {
	const char *name, *results;
	uint8_t address[4];
} names[] = {
	{ "ctldl.windowsupdate.com", "::ffff:203.0.113.10;", { 203, 0, 113, 10 } },
	{ "login.example.com", "::ffff:203.0.113.24;", { 203, 0, 113, 24 } },
	{ "fonts.example.net", "::ffff:198.51.100.7;", { 198, 51, 100, 7 } },
	{ "db1.shop.internal", "::ffff:10.20.0.15;", { 10, 20, 0, 15 } },
	{ "api.shop.internal", "::ffff:10.20.0.31;", { 10, 20, 0, 31 } },
};
static const struct command {
	const char *image, *cmdline;
} commands[] = {
	{ "\\Windows\\System32\\backgroundTaskHost.exe", "backgroundTaskHost.exe -ServerName:App.AppX########.mca" },
	{ "\\Windows\\System32\\conhost.exe", "\\??\\C:\\Windows\\system32\\conhost.exe 0xffffffff -ForceV1" },
	{ "\\Windows\\System32\\RuntimeBroker.exe", "C:\\Windows\\System32\\RuntimeBroker.exe -Embedding" },
	{ "\\Windows\\System32\\SearchProtocolHost.exe", "SearchProtocolHost.exe Global\\UsGthrFltPipeMssGthrPipe_##" },
	{ "\\Windows\\System32\\dllhost.exe", "dllhost.exe /Processid:{########-0000-0000-0000-000000000000}" },
	{ "\\Program Files\\Google\\Chrome\\Application\\chrome.exe", "chrome.exe --type=renderer --lang=en --id=####" },
};

/* '#' becomes a hex digit by chance; cut to fit. */
static void fill(struct sequence *s, const char *pattern, char *out, size_t out_bytes)
{
	size_t n = strlen(out);

	for (; *pattern && n + 1 < out_bytes; pattern++, n++)
		out[n] = *pattern == '#' ? "0123456789abcdef"[sequence_next(s) >> 60] : *pattern;
	out[n] = '\0';
}

/* "\Device\HarddiskVolume3": the first two parts of the process's own path. */
static void begin_with_volume(const struct gen_proc *p, char *out, size_t out_bytes)
{
	const char *end = strchr(p->path + 1, '\\');

	end = end ? strchr(end + 1, '\\') : NULL;
	snprintf(out, out_bytes, "%.*s", end ? (int)(end - p->path) : 0, p->path);
}

/* A server silo has its own hives below \REGISTRY\WC. */
static void begin_with_hive(const struct gen_proc *p, char *out, size_t out_bytes)
{
	char silo[GUID_TEXT_BYTES];

	guid_format(&p->container, silo);
	if (guid_is_zero(&p->container))
		snprintf(out, out_bytes, "\\REGISTRY\\MACHINE");
	else
		snprintf(out, out_bytes, "\\REGISTRY\\WC\\Silo%smachine", silo);
}

static bool is_image(const struct gen_proc *p, const char *name)
{
	const char *slash = strrchr(p->path, '\\');

	return slash && strcmp(slash + 1, name) == 0;
}

static const char *choose_file(struct sequence *s, const struct gen_proc *p)
{
	if (is_image(p, "w3wp.exe"))
		return web_files[sequence_below(s, COUNT(web_files))];
	if (p->session > 0)
		return user_files[sequence_below(s, COUNT(user_files))];
	return system_files[sequence_below(s, COUNT(system_files))];
}

static void use_file(struct gen_world *w, struct gen_proc *p)
{
	struct sequence *s = gen_world_sequence(w);
	char path[WORLD_PATH_BYTES] = "";
	struct gen_file f;

	begin_with_volume(p, path, sizeof path);
	fill(s, choose_file(s, p), path, sizeof path);
	f = gen_file_open(w, p, path, GEN_OPEN);
	if (sequence_below(s, 3) == 0)
		gen_file_write(w, p, &f, 512 + sequence_below(s, 8000));
	else
		gen_file_read(w, p, &f, 4096);
	gen_file_close(w, p, &f);
}

static void use_registry(struct gen_world *w, struct gen_proc *p)
{
	static const uint8_t one[4] = { 1 };
	const struct gen_value dword = { "LastSeen", REG_DWORD, one, sizeof one };
	struct sequence *s = gen_world_sequence(w);
	char path[WORLD_PATH_BYTES] = "";
	uint64_t key;

	begin_with_hive(p, path, sizeof path);
	fill(s, keys[sequence_below(s, COUNT(keys))], path, sizeof path);
	key = gen_key_open(w, p, path, false);
	if (sequence_below(s, 8) == 0)
		gen_key_set(w, p, key, &dword);
	else
		gen_key_query(w, p, key, value_names[sequence_below(s, COUNT(value_names))]);
	gen_key_close(w, p, key);
}

static void load_module(struct gen_world *w, struct gen_proc *p)
{
	char path[WORLD_PATH_BYTES] = "";

	begin_with_volume(p, path, sizeof path);
	fill(gen_world_sequence(w), modules[sequence_below(gen_world_sequence(w), COUNT(modules))], path, sizeof path);
	gen_world_module(w, p, path);
}

static void run_thread(struct gen_world *w, struct gen_proc *p)
{
	gen_world_thread(w, p);
	gen_world_thread_end(w, p);
}

static void use_network(struct gen_world *w, struct gen_proc *p)
{
	struct sequence *s = gen_world_sequence(w);
	const struct name_and_address *to = &names[sequence_below(s, COUNT(names))];
	struct gen_conn c = { .local = { 10, 20, 0, 8 }, .local_port = (uint16_t)(49152 + sequence_below(s, 16000)),
		.remote_port = 443 };

	memcpy(c.remote, to->address, sizeof c.remote);
	gen_network(w, SHAPE_TCP_CONNECT, p, &c, 0);
	gen_network(w, SHAPE_TCP_SEND, p, &c, 300 + sequence_below(s, 1200));
	gen_network(w, SHAPE_TCP_RECV, p, &c, 1460);
	gen_network(w, SHAPE_TCP_DISCONNECT, p, &c, 0);
}

static void look_up_name(struct gen_world *w, struct gen_proc *p)
{
	const struct name_and_address *n = &names[sequence_below(gen_world_sequence(w), COUNT(names))];

	gen_dns(w, p, n->name, n->results);
}

static void end_oldest(struct gen_activity *a)
{
	gen_world_exit(a->world, a->children[a->first], 0);
	a->first = (a->first + 1) % ACTIVITY_MAX_CHILDREN;
	a->count--;
}

static void start_process(struct gen_activity *a, struct gen_proc *parent)
{
	struct sequence *s = gen_world_sequence(a->world);
	const struct command *c = &commands[sequence_below(s, COUNT(commands))];
	char path[WORLD_PATH_BYTES] = "", cmdline[WORLD_PATH_BYTES] = "";
	struct gen_spec spec = { .path = path, .cmdline = cmdline, .user = parent->user, .session = parent->session };
	struct gen_proc *p;

	if (a->count == ACTIVITY_MAX_CHILDREN)
		end_oldest(a);
	begin_with_volume(parent, path, sizeof path);
	fill(s, c->image, path, sizeof path);
	fill(s, c->cmdline, cmdline, sizeof cmdline);
	p = gen_world_start(a->world, parent, &spec);
	if (p)
		a->children[(a->first + a->count++) % ACTIVITY_MAX_CHILDREN] = p;
}

/* Weights are shares of records divided by the records of one step: files 35 %, registry 25, modules 15, threads 10,
 * network 8, processes 2, names 5. */
enum { W_FILE = 70, W_KEY = 83, W_MODULE = 150, W_THREAD = 50, W_NETWORK = 20, W_NAME = 50, W_PROCESS = 4,
	W_ALL = W_FILE + W_KEY + W_MODULE + W_THREAD + W_NETWORK + W_NAME + W_PROCESS };

void gen_activity_step(struct gen_activity *a)
{
	static const struct step {
		uint32_t weight;
		void (*act)(struct gen_world *w, struct gen_proc *p);
	} steps[] = {
		{ W_FILE, use_file },
		{ W_KEY, use_registry },
		{ W_MODULE, load_module },
		{ W_THREAD, run_thread },
		{ W_NETWORK, use_network },
		{ W_NAME, look_up_name },
	};
	struct gen_proc *p = gen_world_busy_proc(a->world);
	uint32_t chance = sequence_below(gen_world_sequence(a->world), W_ALL);

	if (!p)
		return;
	for (uint32_t i = 0; i < COUNT(steps); i++) {
		if (chance < steps[i].weight) {
			steps[i].act(a->world, p);
			return;
		}
		chance -= steps[i].weight;
	}
	if (a->start_processes && guid_is_zero(&p->container))
		start_process(a, p);
}
