{{/* Settings that have more than one name. Each gives text, "" when it is not set. */}}

{{/* A list of (name value): the value that is set; two that differ are an error. */}}
{{- define "vitrine.pick" -}}
{{- $name := "" -}}
{{- $value := "" -}}
{{- range . -}}
{{- $this := index . 1 -}}
{{- if not (or (kindIs "invalid" $this) (eq (toString $this) "")) -}}
{{- if and $name (ne $value (toString $this)) -}}
{{- fail (printf "%s and %s mean the same and are set to different values" $name (index . 0)) -}}
{{- end -}}
{{- $name = index . 0 -}}
{{- $value = toString $this -}}
{{- end -}}
{{- end -}}
{{- $value -}}
{{- end -}}

{{- define "vitrine.accessKey" -}}
{{- include "vitrine.pick" (list
      (list "global.vitrine.accessKey" .Values.global.vitrine.accessKey)
      (list "global.sysdig.accessKey" .Values.global.sysdig.accessKey)) -}}
{{- end -}}

{{- define "vitrine.accessKeySecret" -}}
{{- $existing := include "vitrine.pick" (list
      (list "global.vitrine.accessKeySecret" .Values.global.vitrine.accessKeySecret)
      (list "global.sysdig.accessKeySecret" .Values.global.sysdig.accessKeySecret)) -}}
{{- if and $existing (include "vitrine.accessKey" .) -}}
{{- fail "accessKey and accessKeySecret are both set: give one" -}}
{{- end -}}
{{- if $existing -}}
{{- $existing -}}
{{- else if include "vitrine.accessKey" . -}}
{{- include "vitrine.fullname" . }}-access-key
{{- end -}}
{{- end -}}

{{- define "vitrine.region" -}}
{{- include "vitrine.pick" (list
      (list "global.vitrine.region" .Values.global.vitrine.region)
      (list "global.sysdig.region" .Values.global.sysdig.region)) -}}
{{- end -}}

{{- define "vitrine.endpoint" -}}
{{- $region := include "vitrine.region" . -}}
{{- $endpoint := .Values.global.vitrine.endpoint -}}
{{- if and (contains "{region}" $endpoint) (not $region) -}}
{{- fail "global.vitrine.endpoint has {region}, but no region is set" -}}
{{- end -}}
{{- $endpoint | replace "{region}" $region -}}
{{- end -}}

{{/* JSON of both maps of tags. */}}
{{- define "vitrine.tags" -}}
{{- merge (dict) .Values.global.vitrine.tags .Values.global.sysdig.tags | toJson -}}
{{- end -}}

{{/* "true" when the relay is deployed. */}}
{{- define "vitrine.relay.enabled" -}}
{{- $on := include "vitrine.pick" (list
      (list "relay.enabled" .Values.relay.enabled)
      (list "clusterShield.enabled" .Values.clusterShield.enabled)) -}}
{{- $metadata := include "vitrine.pick" (list
      (list "relay.kubernetesMetadata.enabled" .Values.relay.kubernetesMetadata.enabled)
      (list "clusterShield.cluster_shield.features.kubernetes_metadata.enabled"
            .Values.clusterShield.cluster_shield.features.kubernetes_metadata.enabled)) -}}
{{- if and (eq $on "true") (ne $metadata "false") -}}true{{- end -}}
{{- end -}}

{{/* policyd's word for a level, whichever chart's word was given. */}}
{{- define "vitrine.relay.logLevel" -}}
{{- $words := dict "trace" "debug" "debug" "debug" "info" "info" "warn" "warning" "warning" "warning" "err" "error" "error" "error" -}}
{{- $own := get $words .Values.relay.logLevel -}}
{{- $other := get $words .Values.clusterShield.cluster_shield.log_level -}}
{{- include "vitrine.pick" (list (list "relay.logLevel" $own) (list "clusterShield.cluster_shield.log_level" $other)) | default "info" -}}
{{- end -}}

{{- define "vitrine.relay.tlsSecret" -}}
{{- if eq .Values.relay.tls.source "secret" -}}
{{- required "relay.tls.source is secret: relay.tls.secretName must name it" .Values.relay.tls.secretName -}}
{{- else -}}
{{- .Values.relay.tls.secretName | default (printf "%s-tls" (include "vitrine.relay.name" .)) -}}
{{- end -}}
{{- end -}}

{{/* Audience of the agents' tokens: a token for the relay is of no use at the API server. */}}
{{- define "vitrine.relay.audience" -}}vitrine-relay{{- end -}}
