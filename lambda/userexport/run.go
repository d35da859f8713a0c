package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cognito "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	cognitotypes "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/securecart/identity/lambda/internal/table"
)

// A run begins or continues the export of its day.
type run struct {
	*exporter
	progress progress

	taken     table.Lease
	today     string
	yesterday string

	// buffered are the pages of the next part, lines their users, and next Cognito's position after them.
	buffered, counted int
	lines             bytes.Buffer
	next              string
	listed            int
}

// overdue reports whether not even yesterday's export is complete. It never is before the first export.
func (r *run) overdue() bool { return r.progress.Completed != "" && r.progress.Completed < r.yesterday }

func (r *run) work(ctx context.Context) (err error) {
	now := r.now().UTC()
	r.today, r.yesterday = now.Format(time.DateOnly), now.AddDate(0, 0, -1).Format(time.DateOnly)
	r.progress, r.taken, err = r.item.begin(ctx, now, r.left(ctx))
	if err != nil {
		return err
	}
	// Or gets both errors, so the item is released after a failure, too.
	return cmp.Or(r.continued(ctx), r.item.Release(ctx, r.taken))
}

// continued goes on where an earlier run of the day has stopped.
func (r *run) continued(ctx context.Context) error {
	if r.progress.Completed == r.today {
		return nil
	}
	if r.progress.Completed == "" {
		r.progress.Completed = r.yesterday // nothing is overdue before the first day is over
	}
	if r.progress.Day != r.today {
		r.progress = progress{Day: r.today, Completed: r.progress.Completed, Attempt: 1}
	}
	resumed := r.progress.Token
	if r.progress.Part > 0 && resumed == "" {
		return r.complete(ctx) // all parts are written
	}
	err := r.list(ctx, resumed)
	var refused *cognitotypes.InvalidParameterException
	if resumed != "" && r.listed == 0 && errors.As(err, &refused) {
		r.progress = progress{Day: r.today, Completed: r.progress.Completed, Attempt: r.progress.Attempt + 1}
		err = r.list(ctx, "")
	}
	return err
}

// list reads pages from a position on, and writes a part whenever there are enough, the time is up, or Cognito refuses
// another one.
func (r *run) list(ctx context.Context, token string) error {
	for {
		err := r.page(ctx, token)
		if err != nil {
			return cmp.Or(r.part(ctx), err)
		}
		token = r.next
		if token == "" || r.buffered == r.pages {
			err = r.part(ctx)
		}
		if err != nil {
			return err
		}
		if token == "" {
			return r.complete(ctx)
		}
		select {
		case <-ctx.Done():
			return errTime
		case <-time.After(r.pause):
		}
	}
}

func optional(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// page reads the page at a position.
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListUsers.html
func (r *run) page(ctx context.Context, token string) error {
	if r.left(ctx) < reserve {
		return errTime
	}
	page, err := r.users.ListUsers(ctx, &cognito.ListUsersInput{
		UserPoolId: aws.String(r.pool), Limit: aws.Int32(perPage), PaginationToken: optional(token),
	})
	if err != nil {
		return err
	}
	encoder := json.NewEncoder(&r.lines)
	for _, listed := range page.Users {
		if err := encoder.Encode(userOf(listed)); err != nil {
			return err
		}
	}
	r.next = aws.ToString(page.PaginationToken)
	r.buffered++
	r.counted += len(page.Users)
	r.listed += len(page.Users)
	return nil
}

// part writes the pages that were read, if any, and then records that. A run that is stopped in between has the next
// one write the same part again.
func (r *run) part(ctx context.Context) error {
	if r.buffered == 0 {
		return nil
	}
	after := r.progress
	after.Part++
	after.Users += r.counted
	after.Token = r.next
	name := fmt.Sprintf("part-%04d.jsonl", after.Part)
	if err := r.put(ctx, name, "application/x-ndjson", r.lines.Bytes()); err != nil {
		return err
	}
	if err := r.item.save(ctx, r.taken, after); err != nil {
		return err
	}
	r.progress = after
	r.buffered, r.counted = 0, 0
	r.lines.Reset()
	return nil
}

// complete says that nothing is missing. It is the export's last object.
func (r *run) complete(ctx context.Context) error {
	text, err := json.Marshal(map[string]any{
		"day": r.progress.Day, "parts": r.progress.Part, "users": r.progress.Users,
	})
	if err != nil {
		return err
	}
	if err := r.put(ctx, "complete.json", "application/json", append(text, '\n')); err != nil {
		return err
	}
	after := r.progress
	after.Completed = r.today
	if err := r.item.save(ctx, r.taken, after); err != nil {
		return err
	}
	r.progress = after
	return nil
}

// put writes an object of the export. The bucket's default retention locks it, which S3 takes only with a checksum.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-managing.html
func (r *run) put(ctx context.Context, name, contentType string, text []byte) error {
	key := fmt.Sprintf("users/%s/%d/%s", strings.ReplaceAll(r.progress.Day, "-", "/"), r.progress.Attempt, name)
	_, err := r.objects.PutObject(ctx, &s3.PutObjectInput{
		Bucket: aws.String(r.bucket), Key: aws.String(key), Body: bytes.NewReader(text),
		ContentType: aws.String(contentType), ChecksumAlgorithm: s3types.ChecksumAlgorithmSha256,
	})
	return err
}
