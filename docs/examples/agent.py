#!/usr/bin/env python3
"""A stream agent with nothing but Python: docs/examples/agent.py http://127.0.0.1:5160"""

import json
import os
import signal
import socket
import sys
import time
import urllib.request
import uuid

URL = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:5160"
SLOTS = 4
# Who took a stream is the only one who may report about it. The name is new at each start.
AGENT_ID = f"python-{socket.gethostname()}-{os.getpid()}-{uuid.uuid4()}"


def post(path, body):
    request = urllib.request.Request(
        URL + path,
        data=json.dumps(body).encode(),
        headers={"Content-Type": "application/json", "Agent-Id": AGENT_ID},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def take(limit, wait):
    """Takes up to `limit` streams; the service holds the request until there is one, `wait` seconds at most."""
    return post(f"/1/streams/processing/queue?wait={wait}", {"filters": {}, "limit": limit})["streams"]


def report(items):
    """Sends feedback. The answer shows what the service holds now."""
    return post("/1/streams/processing/feedback", {"streams": items})["streams"]


class Work:
    """What is done with one stream. Put your own work here."""

    def __init__(self, stream):
        self.stream_id = stream["stream_id"]
        self.version = stream["version"]
        self.is_file = stream["data"]["type"] == "videofile"
        self.began = time.monotonic()

    def feedback(self, status=None):
        progress = min((time.monotonic() - self.began) / 3, 1)
        if status is None:
            status = "done" if self.is_file and progress == 1 else "in_progress"
        item = {"stream_id": self.stream_id, "version": self.version, "status": status}
        return {**item, "video_info": {"progress": progress}} if self.is_file else item

    def stop(self):
        print(f"{self.stream_id} is not ours any more", flush=True)


stopping = False


def on_signal(number, frame):
    # The loop ends after the request under way: cut off, a take may have been answered already.
    global stopping
    stopping = True


def main(running):
    while not stopping:
        try:
            if len(running) < SLOTS:
                for stream in take(SLOTS - len(running), 1 if running else 5):
                    # Replaced meanwhile, a stream can come again before the old version was seen to be over.
                    if stream["stream_id"] in running:
                        running[stream["stream_id"]].stop()
                    running[stream["stream_id"]] = Work(stream)
                    print(f"took {stream['stream_id']}, version {stream['version']}", flush=True)
            else:
                time.sleep(1)
            if running:
                hear(report([work.feedback() for work in running.values()]), running)
        except OSError as error:
            # The service is away: the work goes on, and the next answer says what is still ours.
            print(f"the service cannot be reached: {error}", flush=True)
            time.sleep(1)
    if running:
        report([work.feedback("handler_lost") for work in running.values()])


def hear(answer, running):
    for item in answer["modified"] + answer["unmodified"]:
        work = running.get(item["stream_id"])
        if work is None:
            continue
        lost = item in answer["unmodified"] or item["version"] != work.version
        if lost:
            work.stop()
        if lost or item["status"] != "in_progress":
            del running[item["stream_id"]]


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, on_signal)
    signal.signal(signal.SIGINT, on_signal)
    main({})
