{{/* What telling the pod behind a process takes: the same for an agent without a relay and for the relay. */}}
{{- define "vitrine.metadata.rules" -}}
- apiGroups: [""]
  resources: [pods, namespaces]
  verbs: [get, list, watch]
- apiGroups: [apps]
  resources: [replicasets]
  verbs: [get]
- apiGroups: [batch]
  resources: [jobs]
  verbs: [get]
{{- end -}}
