// Loaded into each part: when the launcher was killed and can tell nobody, its channel closes, and the part ends as
// if it had been told.
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'))
// The channel alone keeps nobody alive.
process.channel?.unref()
