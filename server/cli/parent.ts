/**
 * Ends this process when the one that started it is gone, however it ended: it has the other end of a channel, which the system
 * closes. A process that was started without a channel goes on alone.
 *
 * @param clear  what must not be left behind
 */
export function endWithParent(clear: () => void): void {
  const { channel } = process;
  if (channel === undefined) return;
  process.once('disconnect', () => {
    clear();
    process.exit(1);
  });
  // Waiting for that keeps nobody from ending before.
  channel.unref();
}
