package delivery

import "strings"

// data grants what tables and buckets need. CloudFormation creates them and never touches an item or an object.
func (s stage) data() []grant {
	return []grant{
		{
			sid: "Tables", resources: []string{s.arn("dynamodb", "table/"+s.id()+"-*")},
			read: []string{
				"dynamodb:DescribeContinuousBackups", "dynamodb:DescribeContributorInsights",
				"dynamodb:DescribeKinesisStreamingDestination", "dynamodb:DescribeTable",
				"dynamodb:DescribeTimeToLive", "dynamodb:GetResourcePolicy", "dynamodb:ListTagsOfResource",
			},
			write: []string{
				"dynamodb:CreateTable", "dynamodb:DeleteTable", "dynamodb:TagResource", "dynamodb:UntagResource",
				"dynamodb:UpdateContinuousBackups", "dynamodb:UpdateContributorInsights", "dynamodb:UpdateTable",
				"dynamodb:UpdateTimeToLive",
			},
		},
		{sid: "FindKeys", resources: []string{"*"}, read: []string{"kms:ListAliases"}},
		{
			sid: "Buckets", resources: []string{"arn:aws:s3:::" + strings.ToLower(s.id()) + "-*"},
			conditions: equals("aws:ResourceAccount", s.account),
			read: []string{
				"s3:GetAccelerateConfiguration", "s3:GetAnalyticsConfiguration", "s3:GetBucketAbac",
				"s3:GetBucketAcl", "s3:GetBucketCORS", "s3:GetBucketLogging",
				"s3:GetBucketNotification", "s3:GetBucketObjectLockConfiguration",
				"s3:GetBucketOwnershipControls", "s3:GetBucketPolicy", "s3:GetBucketPublicAccessBlock",
				"s3:GetBucketTagging", "s3:GetBucketVersioning", "s3:GetBucketWebsite",
				"s3:GetEncryptionConfiguration", "s3:GetIntelligentTieringConfiguration",
				"s3:GetInventoryConfiguration", "s3:GetLifecycleConfiguration", "s3:GetMetricsConfiguration",
				"s3:GetReplicationConfiguration", "s3:ListBucket", "s3:ListTagsForResource",
			},
			write: []string{
				"s3:CreateBucket", "s3:DeleteBucket", "s3:DeleteBucketPolicy", "s3:PutBucketCORS",
				"s3:PutBucketLogging", "s3:PutBucketObjectLockConfiguration", "s3:PutBucketOwnershipControls",
				"s3:PutBucketPolicy", "s3:PutBucketPublicAccessBlock", "s3:PutBucketTagging",
				"s3:PutBucketVersioning", "s3:PutEncryptionConfiguration", "s3:PutLifecycleConfiguration",
				"s3:TagResource", "s3:UntagResource",
			},
		},
	}
}
