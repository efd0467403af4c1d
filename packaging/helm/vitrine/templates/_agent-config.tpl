{{/* policyd.yaml of the agents, as a map in JSON. ${NAME} is replaced by policyd from its environment. */}}
{{- define "vitrine.agent.config" -}}
{{- $mount := "${CONTAINER_SANDBOX_MOUNT_POINT}" -}}
{{- $cluster := .Values.global.clusterConfig.name -}}
{{- $region := include "vitrine.region" . -}}
{{- $fields := dict -}}
{{- range $key, $value := fromJson (include "vitrine.tags" .) -}}
{{- $_ := set $fields $key (toString $value) -}}
{{- end -}}
{{- $resource := dict "k8s.node.name" "${K8S_NODE_NAME}" -}}
{{- if $cluster }}{{ $_ := set $resource "k8s.cluster.name" $cluster }}{{ end -}}
{{- if $region }}{{ $_ := set $fields "vitrine.region" $region }}{{ end -}}
{{- $rules := list -}}
{{- if .Values.agent.rules.shipped }}{{ $rules = append $rules (printf "%s/rules/windows" $mount) }}{{ end -}}
{{- $rules = append $rules (printf "%s/etc/vitrine/rules.d" $mount) -}}
{{- $web := dict "enabled" true "listen_port" (int .Values.agent.webserver.port)
      "listen_address" (ternary "0.0.0.0" "127.0.0.1" .Values.monitoring.serviceMonitor.enabled) -}}
{{- $config := dict
      "rules_files" $rules
      "inputs" (list (dict "connect" "\\\\.\\pipe\\vitrine-events" "requests" "\\\\.\\pipe\\vitrine-requests" "service" false))
      "json_output" true
      "static_fields" $fields
      "resource" $resource
      "store" (dict "path" (printf "%s/alerts.db" (.Values.agent.windows.dataPath | replace "\\" "/" | trimSuffix "/")))
      "webserver" $web
      "log_level" .Values.agent.logLevel
      "log_format" "json" -}}
{{- $_ := set $config "kubernetes" (fromJson (include "vitrine.agent.kubernetes" .)) -}}
{{- $outputs := concat (fromJsonArray (include "vitrine.agent.backend" .)) .Values.agent.outputs -}}
{{- if $outputs }}{{ $_ := set $config "outputs" $outputs }}{{ end -}}
{{- mustMergeOverwrite $config (deepCopy .Values.agent.config) | toJson -}}
{{- end -}}

{{/* The endpoint as an entry of `outputs`, in a list; an empty list without one. */}}
{{- define "vitrine.agent.backend" -}}
{{- $mount := "${CONTAINER_SANDBOX_MOUNT_POINT}" -}}
{{- $endpoint := include "vitrine.endpoint" . -}}
{{- if $endpoint -}}
{{- $output := dict "name" "backend" "kind" .Values.global.vitrine.protocol "url" $endpoint -}}
{{- if include "vitrine.accessKeySecret" . }}{{ $_ := set $output "token_file" (printf "%s/etc/vitrine/access-key/access-key" $mount) }}{{ end -}}
{{- if .Values.global.ssl.ca.existingCaSecret -}}
{{- $_ := set $output "tls" (dict "ca_file" (printf "%s/etc/vitrine/ca/%s" $mount .Values.global.ssl.ca.existingCaSecretKeyName)) -}}
{{- end -}}
{{- with ternary .Values.global.proxy.httpsProxy .Values.global.proxy.httpProxy (hasPrefix "https:" $endpoint) -}}
{{- $_ := set $output "proxy" (dict "url" .) -}}
{{- end -}}
{{- if and $output.proxy .Values.global.proxy.noProxy }}{{ $_ := set $output.proxy "none" .Values.global.proxy.noProxy }}{{ end -}}
{{- list $output | toJson -}}
{{- else -}}
[]
{{- end -}}
{{- end -}}

{{/* Who tells of pods. Windows pods on the host's network have the host's DNS: the relay is reached by its address, which
     Kubernetes puts into the environment, and known by its name. */}}
{{- define "vitrine.agent.kubernetes" -}}
{{- $mount := "${CONTAINER_SANDBOX_MOUNT_POINT}" -}}
{{- $relay := include "vitrine.relay.name" . -}}
{{- $settings := dict "enabled" .Values.agent.kubernetes.enabled -}}
{{- with .Values.global.clusterConfig.name }}{{ $_ := set $settings "cluster_name" . }}{{ end -}}
{{- if .Values.agent.kubernetes.enabled -}}
{{- $_ := set $settings "node_name" "${K8S_NODE_NAME}" -}}
{{- $_ := set $settings "ca_file" (printf "%s/etc/vitrine/kubernetes/ca.crt" $mount) -}}
{{- $_ := set $settings "token_file" (printf "%s/etc/vitrine/kubernetes/token" $mount) -}}
{{- if include "vitrine.relay.enabled" . -}}
{{- $_ := set $settings "server" (printf "https://${%s_SERVICE_HOST}:%d" ($relay | upper | replace "-" "_") (int .Values.relay.service.port)) -}}
{{- $_ := set $settings "server_name" (printf "%s.%s.svc" $relay .Release.Namespace) -}}
{{- end -}}
{{- end -}}
{{- $settings | toJson -}}
{{- end -}}
