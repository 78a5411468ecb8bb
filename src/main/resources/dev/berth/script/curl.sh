# Functions of programs, each of which a program has where it calls it. The head is always there.
#-- head
# Sends a request; prints the answer, which must be a success.
berth() { # method, URL [, JSON on the standard input]
  local body=()
  [ $# -lt 3 ] || body=(-H 'Content-Type: application/json' --data-binary @-)
  curl -sS --fail-with-body -X "$1" -H "Authorization: Bearer $api_key" ${body[@]+"${body[@]}"} "$2" \
    || { echo "$1 $2 failed" >&2; return 1; }
}

# Runs a verb on a page; the answer is in $answer.
verb() { # name, page, fields of the JSON
  answer=$(printf '{"page":"%s"%s}' "$2" "${3:+,$3}" | berth POST "$session/$1" -) || { echo "$answer" >&2; exit 1; }
}

# A field of the latest answer.
field() { # name
  sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" <<<"$answer"
}

# A text as JSON.
json() {
  local text=${1//\\/\\\\}
  text=${text//\"/\\\"} text=${text//$'\n'/\\n} text=${text//$'\t'/\\t} text=${text//$'\r'/\\r}
  printf '"%s"' "$text"
}
#-- arrived
# Waits until the session's page is at a URL, which is a pattern.
arrived() { # page, pattern
  local i url
  for i in {1..150}; do
    url=$(berth GET "$session/pages" | tr '{' '\n' | sed -n "/\"pageId\":\"$1\"/s/.*\"url\":\"\([^\"]*\)\".*/\1/p")
    [[ $url == $2 ]] && return
    sleep 0.2
  done
  echo "still at $url, not at $2" >&2
  return 1
}
#-- another
# The page that the site opened by itself.
another() { # known pages
  local i page
  for i in {1..150}; do
    for page in $(berth GET "$session/pages" | tr ',{' '\n\n' | sed -n 's/.*"pageId":"\([^"]*\)".*/\1/p'); do
      [[ " $* " == *" $page "* ]] || { echo "$page"; return; }
    done
    sleep 0.2
  done
  echo 'no other page was opened' >&2
  return 1
}
#-- file
# A file, as the verb upload takes it.
file() { # path
  printf '{"name":%s,"content":"%s"}' "$(json "${1##*/}")" "$(base64 <"$1" | tr -d '\n')"
}
