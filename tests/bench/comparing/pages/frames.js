// What every page is measured with, whoever made it. It runs before the page's own scripts.
window.bench = (() => {
  const frame = () => new Promise(requestAnimationFrame);
  // Two animation frames: when the second begins, what the first one changed has been painted.
  const painted = async () => { await frame(); await frame(); return performance.now(); };

  // ---- Frames: the time stamps of animation frames, their differences in ms

  let deltas = [], recording = 0;
  const record = (number) => {
    let last = null;
    const note = (now) => {
      if (recording !== number) return;
      if (last !== null) deltas.push(now - last);
      last = now;
      requestAnimationFrame(note);
    };
    requestAnimationFrame(note);
  };
  const QUIET = 34, STILL = 3;
  const start = async () => { deltas = []; record(++recording); await frame(); };
  // Ends when `least` ms have passed and the last three frames came in time: what the input set off is over. Idle frames after
  // `least` ms are not counted: they would only thin out the ones that matter.
  const stop = async (least) => {
    const until = performance.now() + least;
    let due = null;
    for (;;) {
      if (due === null && performance.now() >= until) due = deltas.length;
      if (due !== null && deltas.length >= STILL && deltas.slice(-STILL).every((ms) => ms <= QUIET)) break;
      await frame();
    }
    recording++;
    return deltas.slice(0, Math.max(due, deltas.findLastIndex((ms) => ms > QUIET) + 1));
  };

  // ---- From an input's own time stamp to the end of the first painted frame in which `done` holds

  let answer = null;
  const await_ = (type, done) => {
    answer = new Promise((resolve) => {
      addEventListener(type, (e) => {
        const look = () => {
          if (!done()) return requestAnimationFrame(look);
          // A message that is posted from within a frame arrives when that frame has been produced.
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = () => resolve(performance.now() - e.timeStamp);
          port2.postMessage(null);
        };
        requestAnimationFrame(look);
      }, { capture: true, once: true });
    });
  };

  // ---- The picture: a number that changes with any pixel of any 2D canvas of the page

  const picture = () => {
    let sum = 0;
    for (const canvas of document.querySelectorAll("canvas")) {
      const context = canvas.width && canvas.height ? canvas.getContext("2d") : null;
      if (!context) continue;
      const pixels = new Uint32Array(context.getImageData(0, 0, canvas.width, canvas.height).data.buffer);
      for (let i = 0; i < pixels.length; i++) sum = (Math.imul(sum, 31) + pixels[i]) | 0;
    }
    return sum;
  };

  // ---- Tasks of more than 50 ms since the page was opened: the longest

  let longest = 0;
  new PerformanceObserver((list) => { for (const { duration } of list.getEntries()) longest = Math.max(longest, duration); })
    .observe({ type: "longtask", buffered: true });

  // ---- Drawn: for pages that do not say so themselves

  let drawn = null;
  const watch = async () => {
    for (;;) {
      await frame();
      let ready = false;
      try {
        ready = document.readyState === "complete" && maker.ready();
      } catch {
        // Its scripts have not run yet.
      }
      if (ready) break;
    }
    drawn = await painted();
  };

  return { painted, start, stop, await: await_, get answer() { return answer; }, picture, watch, get drawn() { return drawn; }, get longest() { return longest; }, frame };
})();
