import type { Socket, SocketEvents } from './environment';

/** `WebSocket.OPEN` */
const open = 1;

/** A WebSocket that may be given up at any time. */
export function openSocket(url: string, protocols: readonly string[], events: SocketEvents): Socket {
  const socket = new WebSocket(url, [...protocols]);
  let over = false;
  const end = (): void => {
    if (over) return;
    over = true;
    socket.close();
    events.closed();
  };
  socket.onopen = () => over || events.opened();
  socket.onmessage = ({ data }) => over || events.message(data);
  socket.onclose = end;
  return {
    send: (text) => {
      if (socket.readyState === open) socket.send(text);
    },
    close: end,
  };
}
