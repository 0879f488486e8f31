// Loaded into each part: when the launcher was killed and can tell nobody, its channel closes, and the part ends as
// if it had been told. A child of a part, which inherits this, has a channel of its own that is none of ours.
if (process.ppid === Number(process.env.PACKYARD_LAUNCHER)) {
  process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'))
  // The channel alone keeps nobody alive.
  process.channel?.unref()
}
