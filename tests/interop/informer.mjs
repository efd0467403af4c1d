// The pods that Kubernetes' own client for Node.js knows, one line for each change of them. Ends when standard input does.
// usage: node informer.mjs CLIENT_FOLDER URL CA_FILE TOKEN_FILE NODE
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const [folder, server, caFile, tokenFile, node] = process.argv.slice(2);
const require = createRequire(path.join(folder, 'x.js'));
const k8s = await import(pathToFileURL(require.resolve('@kubernetes/client-node')));
const config = new k8s.KubeConfig();
config.loadFromOptions({
  clusters: [{ name: 'c', server, caFile }],
  users: [{ name: 'u', token: readFileSync(tokenFile, 'utf8').trim() }],
  contexts: [{ name: 'a', cluster: 'c', user: 'u' }],
  currentContext: 'a',
});
const api = config.makeApiClient(k8s.CoreV1Api);
const fieldSelector = `spec.nodeName=${node}`;
const pods = new Map();
const show = () => console.log(JSON.stringify([...pods.values()].sort()));
// The informer of this client hands no selector to its watch: the path carries it.
const informer = k8s.makeInformer(config, `/api/v1/pods?fieldSelector=${encodeURIComponent(fieldSelector)}`,
  () => api.listPodForAllNamespaces({ fieldSelector }));
const name = (pod) => `${pod.metadata.namespace}/${pod.metadata.name}`;
for (const verb of ['add', 'update'])
  informer.on(verb, (pod) => { pods.set(pod.metadata.uid, name(pod)); show(); });
informer.on('delete', (pod) => { pods.delete(pod.metadata.uid); show(); });
informer.on('error', () => setTimeout(() => informer.start().catch(() => {}), 300));
process.stdin.on('end', () => process.exit(0)).resume();
informer.start().catch(() => setTimeout(() => informer.start(), 300));
