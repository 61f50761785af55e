#!/bin/dash
# SPDX-License-Identifier: GPL-2.0-or-later
# Binding Updates with a key of their node (RFC 4285), and those of nodes that have none.
. "$(dirname "$0")/lib.sh"

KEYED=2001:db8:77:7::10
SPI=256
KEY=000102030405060708090a0b0c0d0e0f10111213
OTHER_KEY=ff0102030405060708090a0b0c0d0e0f10111213

# keyed SEQUENCE [ARGUMENT...]: a Binding Update of the node with the key
keyed() {
	keyed_sequence=$1
	shift
	bu_of $KEYED "$keyed_sequence" 600 "$@"
}

# signed SEQUENCE [ARGUMENT...]
signed() {
	signed_sequence=$1
	shift
	keyed "$signed_sequence" --auth $SPI:$KEY "$@"
}

# answers_with FILTER COMMAND...: the jq filter holds for the answer
answers_with() {
	answers_filter=$1
	shift
	answers_answer=$("$@" --json)
	echo "$answers_answer"
	echo "$answers_answer" | jq -e "$answers_filter" >/dev/null
}

# An identifier of the present, as NTP writes it.
now_id() {
	printf 'raw:%016x' $((($(date +%s) + 2208988800) << 32))
}

plan 18
agent_build "message_id_window_ms = 600000"
node_attach visited

check "a node without key that must not do without is refused" status 129 bu_of 2001:db8:77:4::10 1 600
check "without the option" status 146 keyed 1
check "with another key" status 146 keyed 1 --auth $SPI:$OTHER_KEY
check "with another index" status 146 keyed 1 --auth 257:$KEY
check "with a changed message" status 146 signed 1 --set 10:0001
check "without a message identifier" status 145 signed 1 --message-id none
check "with one from long ago" status 144 signed 1 --message-id -1000000
check "the answer to that has the home agent's own" \
	answers_with '.status == 144 and .authenticator == "ok" and .message_id != null' signed 1 --message-id +1000000
check "nothing is bound" equals "$(bindings home)" 0

ID=$(now_id)
check "a good message is accepted, and answered with an authenticator" \
	answers_with '.status == 0 and .authenticator == "ok"' signed 2 --message-id "$ID"
check "its binding is in the kernel" bound home $KEYED/128 $COA
check "an identifier that was used" status 144 signed 3 --message-id "$ID"
check "the authenticator is checked before the order" status 146 keyed 2 --auth $SPI:$OTHER_KEY
check "the order after it" status 135 signed 2
check "an independent program makes and reads the option" \
	in_ns mn python3 "$HERE/authenticated_update.py" $KEYED $COA $ANCHOR 4 600 $SPI $KEY --wait $ANSWER_MS

agent_stop KILL
agent_start
check "an identifier that was used is known after a restart" status 144 signed 5 --message-id "$ID"
check "the registration ends" bu_of $KEYED 6 0 --auth $SPI:$KEY
check "and is known after that" status 144 signed 7 --message-id "$ID"
