{{/* What telling the pod behind a process takes: an agent without a relay asks for its namespaces one by one, the relay follows
     them all. Owners are known by the pod's own facts. */}}
{{- define "vitrine.metadata.rules" -}}
- apiGroups: [""]
  resources: [pods]
  verbs: [list, watch]
- apiGroups: [""]
  resources: [namespaces]
  verbs: [{{ . }}]
{{- end -}}
