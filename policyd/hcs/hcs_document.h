/* hcs_document: what Windows' container service (HCS) says of its compute systems, as the collector forwards it unread.
 * Knows the answers of HcsEnumerateComputeSystems and HcsGetComputeSystemProperties, and the annotations that containerd's
 * CRI plug-in gives a container, where a document carries them. The bytes are a peer's: all of it is bounded.
 * Sources: the HCS schema of Windows 11 21H2 (Properties, ComputeSystemProperties), hcsshim internal/hcs/schema1,
 * containerd pkg/cri/annotations. Any thread. */
#ifndef VITRINE_HCS_DOCUMENT_H
#define VITRINE_HCS_DOCUMENT_H

#include "proto/base/status.h"
#include "proto/record.h"

enum {
	HCS_MAX_DOCUMENT_BYTES = 1 << 20,      /* it came in one frame */
	HCS_MAX_SYSTEMS = 1024,                /* of one document; a node runs 250 pods */
	HCS_MAX_PROCESSES = 4096,              /* of one system that are told; more are cut and counted */
	HCS_MAX_TEXT_BYTES = 4096,             /* ids are 64 bytes, images some hundred; a longer text is left out */
};

enum hcs_kind {
	HCS_OTHER,             /* nothing is told of how it is isolated */
	HCS_PROCESS_ISOLATED,  /* a server silo of this kernel */
	HCS_HYPERV,            /* a container in a utility VM: this kernel does not see its processes */
	HCS_VM,                /* a virtual machine, or a utility VM itself */
};

struct hcs_process {
	uint32_t pid;
	uint64_t create_100ns;                 /* 0: not told */
};

/* Texts are "" where the document says nothing. Dies on return of the visit. */
struct hcs_system {
	struct text_view id;                   /* the runtime's: containerd gives its own as Id */
	struct text_view name;                 /* of the container in its pod; else HCS' Name where that is not the Id */
	struct text_view owner;
	enum hcs_kind kind;
	bool stopped;
	bool sandbox;                          /* the pod's own container, not one of its spec */
	struct guid silo;                      /* zero: not told */
	uint64_t start_100ns;                  /* 0: not told */
	struct text_view image, sandbox_id, pod_name, pod_namespace, pod_uid;
	const struct hcs_process *processes;
	size_t process_count, processes_cut;
};

typedef void hcs_visit(void *ctx, const struct hcs_system *s);

/* One object, or a list of them. ST_MALFORMED: no JSON, or neither; ST_LIMIT: too long, or more than HCS_MAX_SYSTEMS (the
 * first are told); ST_NOMEM. */
enum status hcs_document_each(struct text_view json, hcs_visit *visit, void *ctx);

/* As container.type says it; "" for HCS_OTHER. */
const char *hcs_kind_name(enum hcs_kind kind);

#endif
