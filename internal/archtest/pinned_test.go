package archtest

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// text reads a file of the tree.
func text(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(root, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// The image is built with the Go that go.mod pins, from images whose digests the
// release workflow passes.
func TestReleaseIsPinned(t *testing.T) {
	toolchain := regexp.MustCompile(`(?m)^toolchain go(\S+)$`).FindStringSubmatch(text(t, "go.mod"))
	if toolchain == nil {
		t.Fatal("go.mod pins no toolchain")
	}
	dockerfile := text(t, "Dockerfile")
	if want := "ARG GO_IMAGE=golang:" + toolchain[1] + "-"; !strings.Contains(dockerfile, want) {
		t.Errorf("the Dockerfile has no line %s…", want)
	}
	for _, from := range regexp.MustCompile(`(?m)^FROM (\S+)`).FindAllStringSubmatch(dockerfile, -1) {
		if from[1] != "${GO_IMAGE}" && from[1] != "${RUN_IMAGE}" {
			t.Errorf("the Dockerfile builds from %s, which the workflow can't set", from[1])
		}
	}
	steps := workflowSteps(t)
	for _, image := range []string{"GO_IMAGE", "RUN_IMAGE"} {
		if want := `--build-arg "` + image + "=$" + image + `"`; !strings.Contains(steps["image"], want) {
			t.Errorf("the release's image is built without %s", want)
		}
		if !strings.Contains(steps["image digests"], "pin "+image) {
			t.Errorf("the release does not look up the digest of %s", image)
		}
	}
	for step, want := range map[string]string{"known vulnerabilities": "make vuln", "release": "make sbom"} {
		if !strings.Contains(steps[step], want) {
			t.Errorf("the release's step %q does not run %s", step, want)
		}
	}
}

// CI looks for known vulnerabilities and lists what is linked, with tools and a database whose
// versions are pinned, and a control that a database which can't be read fails.
func TestVulnerabilitiesAreLookedForInCI(t *testing.T) {
	for name, want := range map[string][]string{
		".ci/run": {"\nstage vuln make vuln\n", "\nstage sbom make sbom\n"},
		"scripts/vuln": {"\ngovulncheck=golang.org/x/vuln/cmd/govulncheck@v", "\nvulndb=golang.org/x/vulndb@v",
			"\ncontrol=stdlib@v", "toolchain //p' go.mod", `-db "$db"`, `"$found" = 0`, "exit 1"},
		"Makefile": {"scripts/vuln\n", "\nSBOM := github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod@v"},
	} {
		for _, part := range want {
			if !strings.Contains(text(t, name), part) {
				t.Errorf("%s lacks %q", name, part)
			}
		}
	}
}

// workflowSteps are the commands of the release workflow by the name of their step.
func workflowSteps(t *testing.T) map[string]string {
	t.Helper()
	var workflow struct {
		Jobs map[string]struct{ Steps []struct{ Name, Run string } }
	}
	if err := yaml.Unmarshal([]byte(text(t, ".github/workflows/release.yaml")), &workflow); err != nil {
		t.Fatal(err)
	}
	steps := map[string]string{}
	for _, job := range workflow.Jobs {
		for _, step := range job.Steps {
			steps[step.Name] = step.Run
		}
	}
	return steps
}
