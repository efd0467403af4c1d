/* cli: the commands of policyd (design §6), one file each. A command gets the arguments after its name and returns the
 * exit status: 0 ok, 1 failed, 2 wrong usage. */
#ifndef VITRINE_CLI_H
#define VITRINE_CLI_H

int cmd_run(char **argv);
int cmd_service(char **argv);
int cmd_doctor(char **argv);
int cmd_replay(char **argv);
int cmd_report(char **argv);
int cmd_dump(char **argv);
int cmd_validate(char **argv);
int cmd_test(char **argv);
int cmd_list(char **argv);
int cmd_explain(char **argv);
int cmd_coverage(char **argv);
int cmd_relay(char **argv);

struct daemon_host;
/* `policyd run` for a service manager. */
int cmd_run_hosted(char **argv, const struct daemon_host *host);

struct options;
/* --config, or the default file if it is there; NULL: neither. room: of PLACE_BYTES, may be what is returned. */
const char *cmd_run_config_path(const struct options *o, char *room);

#endif
