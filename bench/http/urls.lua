-- Asks for the paths given as arguments in turn, and says what was found as one line of JSON; times in microseconds.
local requests = {}
local at = 0

init = function(paths)
  for i, path in ipairs(paths) do
    requests[i] = wrk.format('GET', path)
  end
end

request = function()
  at = at % #requests + 1
  return requests[at]
end

done = function(summary, latency)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  io.write(string.format('{"answered":%d,"micros":%d,"p99":%d,"failed":%d}\n',
    summary.requests, summary.duration, latency:percentile(99), failed))
end
