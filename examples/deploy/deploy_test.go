// Package deploy tests the manifests of this folder offline.
package deploy

import (
	"bytes"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/types"
	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
	"sigs.k8s.io/yaml"
)

// build returns the binary that the manifests run.
func build(t *testing.T) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "workos-mcp")
	command := exec.CommandContext(t.Context(), "go", "build", "-o", binary, "./examples/workos-mcp")
	command.Dir = filepath.Join("..", "..")
	if out, err := command.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return binary
}

// wantFlags checks that the binary knows the flags, by starting it with all of them and --help.
func wantFlags(t *testing.T, binary, name string, args []string) {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), binary, append(slices.Clone(args), "--help")...).CombinedOutput()
	if err != nil {
		t.Errorf("%s: %q: %v\n%s", name, args, err, out)
	}
	for _, arg := range args {
		if flag, _, _ := strings.Cut(arg, "="); strings.HasPrefix(flag, "--") && !bytes.Contains(out, []byte(flag)) {
			t.Errorf("%s: workos-mcp http has no flag %s", name, flag)
		}
	}
}

func TestKubernetes(t *testing.T) {
	built, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(filesys.MakeFsOnDisk(), "kustomize")
	if err != nil {
		t.Fatal(err)
	}
	into := map[string]any{
		"Namespace": new(corev1.Namespace), "ServiceAccount": new(corev1.ServiceAccount), "Service": new(corev1.Service),
		"Deployment": new(appsv1.Deployment), "HorizontalPodAutoscaler": new(autoscalingv2.HorizontalPodAutoscaler),
		"PodDisruptionBudget": new(policyv1.PodDisruptionBudget), "NetworkPolicy": new(networkingv1.NetworkPolicy),
	}
	for _, resource := range built.Resources() {
		text, err := resource.AsYAML()
		if err != nil {
			t.Fatal(err)
		}
		v := into[resource.GetKind()]
		if v == nil {
			t.Errorf("no type for %s", resource.GetKind())
		} else if err := yaml.UnmarshalStrict(text, v); err != nil {
			t.Errorf("%s: %v", resource.GetKind(), err)
		}
		delete(into, resource.GetKind())
		if d, ok := v.(*appsv1.Deployment); ok {
			checkDeployment(t, d)
		}
	}
	for kind := range into {
		t.Errorf("kustomize builds no %s", kind)
	}
}

func checkDeployment(t *testing.T, d *appsv1.Deployment) {
	t.Helper()
	pod := d.Spec.Template
	for label, value := range d.Spec.Selector.MatchLabels {
		if pod.Labels[label] != value {
			t.Errorf("the pods lack the label %s=%s of the selector", label, value)
		}
	}
	c := pod.Spec.Containers[0]
	if c.Image != "registry.example.com/workos-mcp:0.1.0" {
		t.Errorf("image: got %s", c.Image)
	}
	if s := c.SecurityContext; !*s.ReadOnlyRootFilesystem || *s.AllowPrivilegeEscalation || !*pod.Spec.SecurityContext.RunAsNonRoot {
		t.Errorf("security context: got %v", s)
	}
	for name, probe := range map[string]*corev1.Probe{"/healthz": c.LivenessProbe, "/readyz": c.ReadinessProbe} {
		if probe.HTTPGet.Path != name || probe.HTTPGet.Port.String() != c.Ports[0].Name {
			t.Errorf("probe: got %v, want %s", probe.HTTPGet, name)
		}
	}
	wantFlags(t, build(t), "deployment.yaml", c.Args)
}

func TestCompose(t *testing.T) {
	options, err := cli.NewProjectOptions([]string{"compose.yaml"},
		cli.WithEnv([]string{"WORKOS_MCP_CONFIRM_KEY=" + strings.Repeat("k", 32), "POSTGRES_PASSWORD=secret"}))
	if err != nil {
		t.Fatal(err)
	}
	project, err := options.LoadProject(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	binary := build(t)
	for _, name := range []string{"one", "two"} {
		s, err := project.GetService(name)
		if err != nil {
			t.Fatal(err)
		}
		if !s.ReadOnly || s.Environment["WORKOS_MCP_CONFIRM_KEY"] == nil {
			t.Errorf("%s: got %+v, want a read-only root and the key of confirmations", name, s)
		}
		checkStore(t, *s.Environment["WORKOS_MCP_STORE"], project)
		if _, err := os.Stat(filepath.Join(s.Build.Context, s.Build.Dockerfile)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		wantFlags(t, binary, name, s.Command)
	}
}

// checkStore checks that the URL is that of the project's database, and of a kind that the binary of replicas opens.
func checkStore(t *testing.T, store string, project *types.Project) {
	t.Helper()
	at, err := url.Parse(store)
	if err != nil {
		t.Fatal(err)
	}
	stores, err := os.ReadFile(filepath.Join("..", "workos-mcp", "_cluster", "stores.go"))
	if err != nil || !bytes.Contains(stores, []byte(`"`+at.Scheme+`": open`)) {
		t.Errorf("the scheme %q is none that is opened (%v)", at.Scheme, err)
	}
	s, err := project.GetService(at.Host)
	if err != nil {
		t.Fatal(err)
	}
	password, _ := at.User.Password()
	if at.User.Username() != *s.Environment["POSTGRES_USER"] || password != *s.Environment["POSTGRES_PASSWORD"] ||
		at.Path != "/"+at.User.Username() {
		t.Errorf("got the store %s, want the user and the database of %v", store, s.Environment)
	}
}

func TestComposeNeedsItsSecrets(t *testing.T) {
	for set, want := range map[string]string{
		"POSTGRES_PASSWORD=x": "32 random characters", "WORKOS_MCP_CONFIRM_KEY=x": "random letters and digits",
	} {
		options, err := cli.NewProjectOptions([]string{"compose.yaml"}, cli.WithEnv([]string{set}))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := options.LoadProject(t.Context()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want what to set", set, err)
		}
	}
}

var command = regexp.MustCompile(`(?m)^CMD \[(.*)\]$`)

func TestDockerfile(t *testing.T) {
	text, err := os.ReadFile("Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	m := command.FindSubmatch(text)
	if m == nil {
		t.Fatal("Dockerfile has no CMD")
	}
	wantFlags(t, build(t), "Dockerfile", strings.Split(strings.ReplaceAll(strings.ReplaceAll(string(m[1]), `"`, ""), " ", ""), ","))
	if !bytes.Contains(text, []byte("\nUSER 65532:65532\n")) {
		t.Error("the image runs as root")
	}
}

// The configuration of nginx is valid. Its upstreams are names of containers, which are replaced for the test.
func TestNginx(t *testing.T) {
	nginx, err := exec.LookPath("nginx")
	if err != nil {
		if nginx, err = exec.LookPath("/usr/sbin/nginx"); err != nil {
			t.Skip("nginx is not installed")
		}
	}
	text, err := os.ReadFile(filepath.Join("nginx", "nginx.conf"))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, name := range []string{"one", "two"} {
		text = bytes.ReplaceAll(text, []byte("server "+name+":8080"), []byte("server 127.0.0.1:8080"))
	}
	text = append([]byte("pid "+filepath.Join(dir, "pid")+";\n"), text...)
	file := filepath.Join(dir, "nginx.conf")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), nginx, "-t", "-c", file, "-e", "stderr").CombinedOutput()
	if err != nil {
		t.Errorf("nginx -t: %v\n%s", err, out)
	}
}
