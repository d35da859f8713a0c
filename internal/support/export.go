package support

import (
	"archive/zip"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"time"
	"unicode"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/securecart/identity/lambda/contract"
)

// Exported describes the output of [Desk.Export].
type Exported struct {
	File string `json:"file"`
	// Files are the names of the files in the zip.
	Files     []string `json:"files"`
	Orders    int      `json:"orders"`
	Documents int      `json:"documents"`
}

// Export writes all data stored about the subject into one zip, which only its owner may read. The file appears when it
// is complete, and never replaces another.
func (d *Desk) Export(ctx context.Context, s Subject, file string) (exported Exported, err error) {
	if _, err := os.Lstat(file); err == nil {
		return Exported{}, Refusal(fmt.Sprintf("%s exists; move it away, or name another file with -out", file))
	}
	// os.CreateTemp creates files with mode 0600.
	temporary, err := os.CreateTemp(filepath.Dir(file), ".securecart-export-*")
	if err != nil {
		return Exported{}, Refusal(fmt.Sprintf("the export cannot be written: %v", err))
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, temporary.Close(), os.Remove(temporary.Name()))
		}
	}()
	a := &archive{zip: zip.NewWriter(temporary), exported: Exported{File: file}, began: time.Now()}
	if err := d.write(ctx, s, a); err != nil {
		return Exported{}, err
	}
	if err := errors.Join(a.zip.Close(), temporary.Sync()); err != nil {
		return Exported{}, Refusal(fmt.Sprintf("the export cannot be written: %v", err))
	}
	// A link, because a rename would replace a file that was created meanwhile.
	if err := os.Link(temporary.Name(), file); err != nil {
		return Exported{}, Refusal(fmt.Sprintf("the export cannot be written: %v", err))
	}
	return a.exported, errors.Join(temporary.Close(), os.Remove(temporary.Name()))
}

// archive is the zip while it is written.
type archive struct {
	zip      *zip.Writer
	exported Exported
	// began is the time of entries without a time of their own.
	began time.Time
}

func (a *archive) create(name string, modified time.Time) (io.Writer, error) {
	a.exported.Files = append(a.exported.Files, name)
	return a.zip.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: modified})
}

func (a *archive) json(name string, value any) error {
	w, err := a.create(name, a.began)
	if err != nil {
		return err
	}
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	return encoder.Encode(value)
}

// write does the parts of the export in their order.
func (d *Desk) write(ctx context.Context, s Subject, a *archive) error {
	return d.run(ctx, []step{
		{"exporting the account", func(context.Context) error { return writeAccount(s, a) }},
		{"exporting profile and payment method", func(ctx context.Context) error { return d.writeProfile(ctx, s, a) }},
		{"exporting connected providers", func(ctx context.Context) error {
			links, err := d.links(ctx, s)
			if err != nil {
				return err
			}
			list := []any{}
			for _, link := range links {
				list = append(list, plain(link))
			}
			return a.json("links.json", list)
		}},
		{"exporting the times of proofs", func(ctx context.Context) error {
			proofs, err := d.proofs(ctx, s.Sub)
			if err != nil || proofs == nil {
				return err
			}
			return a.json("proofs.json", proofs)
		}},
		{"exporting orders", func(ctx context.Context) error {
			list := []any{}
			if err := d.orders(
				ctx, s.Sub, func(order item) error { list = append(list, plain(order)); return nil },
			); err != nil {
				return err
			}
			a.exported.Orders = len(list)
			return a.json("orders.json", list)
		}},
		{"exporting documents", func(ctx context.Context) error { return d.writeDocuments(ctx, s, a) }},
	})
}

func writeAccount(s Subject, a *archive) error {
	if s.Account == nil {
		return nil
	}
	return a.json("account.json", struct {
		Customer
		Attributes map[string]string `json:"attributes"`
	}{*s.Account, s.Account.Attributes})
}

func (d *Desk) writeProfile(ctx context.Context, s Subject, a *archive) error {
	row, err := d.get(ctx, d.Names.CustomersTable, key(contract.CustomerID, s.Sub))
	if err != nil || row == nil {
		return err
	}
	profile := maps.Clone(row)
	delete(profile, contract.PaymentMethod)
	if err := a.json("profile.json", plain(profile)); err != nil {
		return err
	}
	if row[contract.PaymentMethod] == nil {
		return nil
	}
	return a.json("payment-method.json", plainValue(row[contract.PaymentMethod]))
}

// writeDocuments writes every version, because overwritten and deleted versions are retained for some weeks. Those are
// in folders named by version id.
func (d *Desk) writeDocuments(ctx context.Context, s Subject, a *archive) error {
	versions, err := d.versions(ctx, s.Sub)
	if err != nil {
		return err
	}
	for i, v := range versions {
		d.report(fmt.Sprintf("exporting documents (%d of %d)", i+1, len(versions)))
		if v.marker {
			continue
		}
		name := "documents/"
		if !v.latest {
			name = "documents-earlier/" + safeName(v.id) + "/"
		}
		if err := d.writeDocument(ctx, a, v, name+safeName(strings.TrimPrefix(v.key, documentsOf(s.Sub)))); err != nil {
			return err
		}
		a.exported.Documents++
	}
	return nil
}

func (d *Desk) writeDocument(ctx context.Context, a *archive, v version, name string) error {
	out, err := d.Documents.GetObject(ctx, &s3.GetObjectInput{
		Bucket: aws.String(d.Names.DocumentsBucket), Key: aws.String(v.key), VersionId: aws.String(v.id),
	})
	if err != nil {
		return err
	}
	defer out.Body.Close() //nolint:errcheck // what was read is complete, or its error is returned
	w, err := a.create(name, aws.ToTime(out.LastModified))
	if err != nil {
		return err
	}
	copied, err := io.Copy(w, out.Body)
	if err != nil {
		return err
	}
	if copied != v.size {
		return Refusal(fmt.Sprintf("document %s has %d bytes, and %d came; try again", v.key, v.size, copied))
	}
	return nil
}

// safeName returns a key as the name of a file below a folder. A key that could leave the folder, or that file systems
// refuse, is encoded as a whole.
func safeName(key string) string {
	strange := func(r rune) bool { return !unicode.IsPrint(r) || strings.ContainsRune(`\:*?"<>|`, r) }
	if fs.ValidPath(key) && key != "." && !strings.ContainsFunc(key, strange) {
		return key
	}
	return "key-" + base64.RawURLEncoding.EncodeToString([]byte(key))
}
