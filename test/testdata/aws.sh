#!/bin/bash
# Stands in for the AWS CLI in TestTheRunbookReplaysTheQueue: answers three commands, and refuses every other. $OUTPUTS
# lists the outputs of the stack Operations, the file $STATE holds how many events wait, of which $POISON stay.
set -eu
refuse() { echo "aws: not expected: $*" >&2; exit 255; }
all="$*"
case "$1 $2" in
"cloudformation describe-stacks")
  name=${all##*OutputKey==\'}; name=${name%%\'*}
  [[ $all == *"--stack-name SecureCart-Prod-Operations --output text"* ]] || refuse "$all"
  [[ " $OUTPUTS " == *" $name "* ]] || refuse "$all"
  echo "the-$name" ;;
"sqs get-queue-attributes")
  [[ $all == *"--queue-url the-UndeliveredQueue "* && $all == *Messages,*MessagesNotVisible* ]] || refuse "$all"
  cat "$STATE" ;;
"lambda invoke")
  [[ $all == *"--function-name the-SecurityEventsFunction "* && $all == *'--payload {"replay": true} '* ]] || refuse "$all"
  waiting=$(($(cat "$STATE") - 10))
  echo "$((waiting < POISON ? POISON : waiting))" >"$STATE"
  if ((POISON > 0)); then echo Unhandled; else echo None; fi ;;
*) refuse "$all" ;;
esac
