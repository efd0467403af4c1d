{{/* vitrine.name, vitrine.fullname: as every chart has them. */}}
{{- define "vitrine.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 40 | trimSuffix "-" -}}
{{- end -}}

{{- define "vitrine.fullname" -}}
{{- $name := include "vitrine.name" . -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else if contains $name .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "vitrine.agent.name" -}}{{ include "vitrine.fullname" . }}-agent{{- end -}}
{{- define "vitrine.relay.name" -}}{{ include "vitrine.fullname" . }}-relay{{- end -}}

{{/* Labels that stay the same for ever: (list . "component"). */}}
{{- define "vitrine.selector" -}}
{{- $root := index . 0 -}}
app.kubernetes.io/name: {{ include "vitrine.name" $root }}
app.kubernetes.io/instance: {{ $root.Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end -}}

{{- define "vitrine.labels" -}}
{{- $root := index . 0 -}}
{{ include "vitrine.selector" . }}
app.kubernetes.io/version: {{ $root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
app.kubernetes.io/part-of: vitrine
helm.sh/chart: {{ printf "%s-%s" $root.Chart.Name $root.Chart.Version | replace "+" "_" }}
{{- with $root.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* (list . image): REGISTRY/REPOSITORY:TAG or @DIGEST */}}
{{- define "vitrine.image" -}}
{{- $root := index . 0 -}}
{{- $image := index . 1 -}}
{{- $registry := $image.registry | default $root.Values.global.image.registry -}}
{{- with $registry }}{{ trimSuffix "/" . }}/{{ end -}}
{{- $image.repository -}}
{{- if $image.digest }}@{{ $image.digest }}{{ else }}:{{ $image.tag | default $root.Chart.AppVersion }}{{ end -}}
{{- end -}}

{{- define "vitrine.pullSecrets" -}}
{{- $root := index . 0 -}}
{{- $image := index . 1 -}}
{{- with concat $root.Values.global.image.pullSecrets $image.pullSecrets | uniq -}}
imagePullSecrets:
{{- range . }}
  - name: {{ . }}
{{- end }}
{{- end }}
{{- end -}}
